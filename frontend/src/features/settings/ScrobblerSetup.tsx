import { Copyable } from '@/components/ui/Copyable';

interface Step {
  name: string;
  address: (root: string) => string;
  where: string;
}

/** Each client puts its addresses together in its own way: checked against what they build. */
const CLIENTS: Step[] = [
  {
    name: 'Navidrome',
    address: (root) => `${root}/1/`,
    where: 'Set ND_LISTENBRAINZ_BASEURL to it, restart, then enter the token under Personal, Scrobble to ListenBrainz.',
  },
  {
    name: 'Jellyfin',
    address: (root) => root,
    where: 'In the ListenBrainz plugin: General, ListenBrainz API URL; the token belongs to your user below.',
  },
  {
    name: 'Pano Scrobbler',
    address: (root) => `${root}/`,
    where: 'Add an account, choose Custom ListenBrainz, enter the address with its slash at the end, and the token.',
  },
  {
    name: 'Web Scrobbler',
    address: (root) => `${root}/1/submit-listens`,
    where: 'Options, Accounts, ListenBrainz, Properties: API URL and token.',
  },
  {
    name: 'multi-scrobbler',
    address: (root) => root,
    where: 'A ListenBrainz client with this url, your token, and your handle as its username.',
  },
  {
    name: 'Mopidy',
    address: (root) => root.replace(/^https?:\/\//, ''),
    where: 'In mopidy.conf, section [listenbrainz]: url and token. It always asks by https.',
  },
];

export function ScrobblerSetup({ address }: { address: string }) {
  return (
    <div>
      <p className="mb-2 font-medium">Where to enter it</p>
      {CLIENTS.map(({ name, address: build, where }) => (
        <details key={name} className="border-t border-line py-1">
          <summary className="cursor-pointer py-2">{name}</summary>
          <div className="space-y-2 pb-3">
            <Copyable label={`Address for ${name}`} value={build(address)} />
            <p className="text-muted">{where}</p>
          </div>
        </details>
      ))}
    </div>
  );
}
