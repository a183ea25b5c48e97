import { useState, type FormEvent } from 'react';
import type { PlayRow, TrackRef } from '@/api/generated/model';
import { FindTrack } from '@/components/listening/FindTrack';
import { useCare } from '@/components/listening/useCare';
import { Button } from '@/components/ui/Button';
import { Dialog } from '@/components/ui/Dialog';
import { Field } from '@/components/ui/Field';
import { trackLength } from '@/lib/format';
import { instantOf, onTheClock } from '@/lib/zone';
import { refOf } from './plays';

interface PlayFormProps {
  play: PlayRow | 'new' | null;
  zone: string | undefined;
  onClose: () => void;
}

/** What is wrong, at the field that it is wrong in. */
interface Trouble {
  track?: string;
  began?: string;
  length?: string;
}

/** Adds a play by hand, or corrects the track, the time or the length of one. */
export function PlayForm({ play, zone, onClose }: PlayFormProps) {
  const original = play === 'new' ? null : play;
  const before = original ? onTheClock(original.started_at, zone) : '';
  const long = original ? trackLength(original.ms_played) : '';
  const care = useCare();
  const [track, setTrack] = useState<TrackRef | null>(original?.track ?? null);
  const [clock, setClock] = useState(before);
  const [length, setLength] = useState(long);
  const [trouble, setTrouble] = useState<Trouble>({});

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const instant = instantOf(clock, zone);
    const ms = length.trim() === '' ? undefined : readLength(length);
    if (!track) return setTrouble({ track: 'Choose a track first.' });
    if (!instant) return setTrouble({ began: 'Say when it began.' });
    if (ms === null) return setTrouble({ length: 'A length is written 3:20, in minutes and seconds.' });
    setTrouble({});
    if (!original) return care.addPlay({ track_id: track.id, started_at: instant, ...(ms && { ms_played: ms }) }, onClose);
    care.correctPlay(
      {
        play: refOf(original),
        ...(track.id !== original.track.id && { track_id: track.id }),
        ...(clock !== before && { started_at: instant }),
        ...(length !== long && ms !== undefined && { ms_played: ms }),
      },
      onClose,
    );
  };

  return (
    <Dialog open={play !== null} title={original ? 'What it really was' : 'Add a play'} onClose={onClose}>
      <form onSubmit={submit} className="space-y-5">
        <FindTrack label="Track" chosen={track} onChoose={setTrack} trouble={trouble.track ?? null} />
        <Field
          label="Began"
          type="datetime-local"
          step={1}
          value={clock}
          onChange={(event) => setClock(event.target.value)}
          hint={`On the clock of ${zone ?? 'your zone'}.`}
          trouble={trouble.began ?? null}
          required
        />
        <Field
          label="How long"
          inputMode="numeric"
          placeholder={original ? undefined : 'As long as the track is'}
          value={length}
          onChange={(event) => setLength(event.target.value)}
          hint="Minutes and seconds, such as 3:20."
          trouble={trouble.length ?? null}
        />
        <Button look="signal" type="submit" busy={care.busy}>
          {original ? 'Correct it' : 'Add it'}
        </Button>
      </form>
    </Dialog>
  );
}

function readLength(text: string): number | null {
  const match = /^(?:(\d{1,2}):)?(\d{1,3}):(\d{2})$/.exec(text.trim());
  if (!match) return null;
  return ((Number(match[1] ?? 0) * 60 + Number(match[2])) * 60 + Number(match[3])) * 1000;
}
