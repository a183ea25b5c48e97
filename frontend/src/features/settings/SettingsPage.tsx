import { Link } from 'react-router';
import { useReadAccount } from '@/api/generated';
import { PageHead, Panel } from '@/components/ui/Panel';
import { QueryView } from '@/components/ui/QueryView';
import { Tabs } from '@/components/ui/Tabs';
import { useTitle } from '@/lib/useTitle';
import { useTheme } from '@/stores/theme';
import { Blocked } from './Blocked';
import { Consents } from './Consents';
import { HiddenArtists } from './HiddenArtists';
import { HiddenTracks } from './HiddenTracks';
import { Leaving } from './Leaving';
import { Password } from './Password';
import { ProfileForm } from './ProfileForm';
import { Scrobblers } from './Scrobblers';
import { SharedLinks } from './SharedLinks';
import { SpotifyPanel } from './spotify/SpotifyPanel';
import { TakeAway } from './TakeAway';

/** Who you are here, what may be done with your plays, how it looks, and the ways out. */
export function SettingsPage() {
  useTitle('Settings');
  const account = useReadAccount();
  const { theme, choose } = useTheme();
  return (
    <>
      <PageHead title="Settings" lead={account.data?.email && `Signed in as ${account.data.email}`} />
      <div className="grid gap-x-16 gap-y-14 lg:grid-cols-2">
        <QueryView query={account} what="fetch your account">
          {(data) => (
            <>
              <Panel title="Who you are here">
                <ProfileForm key={data.handle + data.time_zone + data.display_name} account={data} />
              </Panel>
              <Panel title="What may be done with your plays">
                <Consents account={data} />
              </Panel>
              <div id="spotify">
                <SpotifyPanel timeZone={data.time_zone} />
              </div>
            </>
          )}
        </QueryView>
        <Panel title="How it looks">
          <Tabs
            label="Ground"
            value={theme}
            onChange={choose}
            options={[
              { value: 'system', label: 'As the system' },
              { value: 'light', label: 'Paper' },
              { value: 'dark', label: 'Ink' },
            ]}
          />
        </Panel>
        <Panel title="What sends your plays here">
          <Scrobblers />
        </Panel>
        <Panel title="Links you gave away">
          <SharedLinks />
        </Panel>
        <Panel title="All of it, to take away">
          <TakeAway />
        </Panel>
        <Panel title="What counts" note="Left out of totals, lists, wraps, stories and suggestions, past and future.">
          <HiddenArtists />
          <Link to="/meanings" className="mt-4 inline-block min-h-6 text-muted underline decoration-line underline-offset-4 hover:text-ink">
            What the numbers mean
          </Link>
        </Panel>
        <div id="hidden-tracks">
          <Panel title="What is never suggested">
            <HiddenTracks />
          </Panel>
        </div>
        <Panel title="Whom you have blocked" note="Neither of you sees the other.">
          <Blocked />
        </Panel>
        <Panel title="Your password">
          <Password />
        </Panel>
        <Panel title="Leaving">
          <Leaving />
        </Panel>
      </div>
    </>
  );
}
