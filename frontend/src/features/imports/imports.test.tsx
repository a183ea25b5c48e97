import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { getListImportsQueryKey, useGetTotals } from '@/api/generated';
import { useUploads } from '@/stores/uploads';
import { draw } from '@/testing/render';
import { finishedImport } from '@/testing/samples';
import { NOBODY, Refusal, serve } from '@/testing/api';
import { ImportPage } from './ImportPage';
import { Ledger } from './Ledger';
import { useImportWatch } from './useImportWatch';

/** The page in the frame that watches imports. */
function Page() {
  useImportWatch(false);
  return <ImportPage />;
}

/** Another page in it. */
function Elsewhere() {
  useImportWatch(true);
  const listens = useGetTotals({ span: 'all' }).data?.listens;
  return <p>{listens} listens</p>;
}

afterEach(() => useUploads.getState().clear());

const zip = new File(['PK'], 'my_spotify_data.zip', { type: 'application/zip' });

describe('bringing a history', () => {
  it('sends the file, watches it land and shows a ledger that adds up', async () => {
    let state: 'running' | 'done' = 'running';
    const calls = serve({
      'GET /imports': () => (calls.some((call) => call.method === 'POST') ? [{ ...finishedImport, state }] : []),
      'POST /imports': ({ params }: { params: Record<string, unknown> }) => ({
        ...finishedImport,
        state: 'running',
        file_name: params.file_name,
      }),
    });
    const events = new TransformStream<Uint8Array, Uint8Array>();
    vi.stubGlobal('fetch', vi.fn().mockResolvedValue(new Response(events.readable)));
    const user = userEvent.setup();
    draw(<Page />);
    await user.upload(screen.getByLabelText('Files to import'), zip);
    expect(await screen.findByRole('progressbar', { name: 'Import progress' })).toBeVisible();
    expect(screen.getByText(/You can close this page/)).toBeVisible();
    state = 'done';
    void events.writable.getWriter().write(new TextEncoder().encode('event: end\ndata: {}\n\n'));
    const ledger = await screen.findByRole('region', { name: 'Ledger of this import' });
    expect(within(ledger).getByText('900 plays are in')).toBeVisible();
    expect(within(ledger).getByText('900 + 60 + 39 + 1 = 1,000 rows')).toBeInTheDocument();
  });

  it('shows an import that began while the list was still on its way', async () => {
    let arrives: (list: unknown[]) => void = () => undefined;
    const late = new Promise<unknown[]>((resolve) => {
      arrives = resolve;
    });
    const calls = serve({
      'GET /imports': () => (calls.some((call) => call.method === 'POST') ? [finishedImport] : late),
      'POST /imports': { ...finishedImport, state: 'running' },
    });
    const user = userEvent.setup();
    draw(<Page />);
    await user.upload(screen.getByLabelText('Files to import'), zip);
    await waitFor(() => expect(calls.some((call) => call.method === 'POST')).toBe(true));
    arrives([]);
    expect(await screen.findByRole('region', { name: 'Ledger of this import' })).toBeVisible();
  });

  it('says what is safe when a file is refused, and lets one try again', async () => {
    const calls = serve({
      'GET /imports': [],
      'POST /imports': new Refusal(413, 'This archive is larger than this server takes.'),
    });
    const user = userEvent.setup();
    draw(<Page />);
    await user.upload(screen.getByLabelText('Files to import'), zip);
    const trouble = await screen.findByRole('alert');
    expect(trouble).toHaveTextContent('This archive is larger than this server takes.');
    expect(trouble).toHaveTextContent('your history is as it was before');
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(calls.filter((call) => call.method === 'POST')).toHaveLength(2);
  });

  it('says that a file may have arrived where only the answer was lost', async () => {
    serve({ 'GET /imports': [], 'POST /imports': NOBODY });
    useUploads.getState().send([{ name: zip.name, size: 2, body: () => Promise.resolve(zip) }]);
    await waitFor(() => expect(useUploads.getState().uploads[0]?.state).toBe('failed'));
    useUploads.setState(({ uploads }) => ({ uploads: uploads.map((upload) => ({ ...upload, share: 1 })) }));
    draw(<Page />);
    expect(await screen.findByRole('alert')).toHaveTextContent('It may have arrived all the same');
  });

  it('keeps what is on its way when the listener looks at another page and comes back', async () => {
    serve({ 'GET /imports': [], 'POST /imports': () => new Promise(() => undefined) });
    const user = userEvent.setup();
    const { unmount } = draw(<Page />);
    await user.upload(screen.getByLabelText('Files to import'), zip);
    expect(await screen.findByRole('progressbar', { name: 'Upload progress' })).toBeVisible();
    unmount();
    draw(<Page />);
    expect(await screen.findByRole('progressbar', { name: 'Upload progress' })).toBeVisible();
  });

  it('brings every other page up to date, and says there that it is done', async () => {
    let state: 'running' | 'done' | 'undone' = 'running';
    serve({
      'GET /imports': () => [{ ...finishedImport, state }],
      'GET /analysis/totals': () => ({ listens: state === 'done' ? 900 : 0 }),
    });
    const events = new TransformStream<Uint8Array, Uint8Array>();
    vi.stubGlobal('fetch', vi.fn().mockResolvedValue(new Response(events.readable)));
    const { client } = draw(<Elsewhere />);
    expect(await screen.findByText('0 listens')).toBeVisible();
    state = 'done';
    void events.writable.getWriter().write(new TextEncoder().encode('event: end\ndata: {}\n\n'));
    expect(await screen.findByText('900 listens')).toBeVisible();
    expect(screen.getByText('my_spotify_data.zip is in: 900 plays.')).toBeVisible();
    state = 'undone';
    await client.invalidateQueries({ queryKey: getListImportsQueryKey() });
    expect(await screen.findByText('0 listens')).toBeVisible();
  });

  it('tells on another page that a file was not sent', async () => {
    serve({ 'GET /imports': [], 'POST /imports': new Refusal(413, 'This archive is larger than this server takes.') });
    draw(<Elsewhere />);
    useUploads.getState().send([{ name: zip.name, size: 2, body: () => Promise.resolve(zip) }]);
    expect(await screen.findByText('my_spotify_data.zip was not sent. The import page says why.')).toBeVisible();
  });

  it('names in plain words what an export of Tonearm brought', async () => {
    const kept = (format: string, accepted: number) => ({ id: accepted, name: format, format, accepted });
    const files = [kept('own_playlists', 12), kept('own_merges', 3), kept('own_hidden_artists', 1), kept('own_genres', 0)];
    serve({ 'GET /imports': [{ ...finishedImport, source: 'tonearm', files }] });
    draw(<Page />);
    expect(await screen.findByText('884 plays, 12 playlists, 3 merges and 1 hidden artist')).toBeVisible();
    expect(screen.getByText(/^\s*Tonearm, /)).toBeVisible();
  });

  it('asks before it undoes an import', async () => {
    const calls = serve({ 'GET /imports': [finishedImport], 'DELETE /imports/3': { ...finishedImport, state: 'undone' } });
    const user = userEvent.setup();
    draw(<Page />);
    await user.click(await screen.findByText('my_spotify_data.zip'));
    await user.click(screen.getByRole('button', { name: 'Undo this import' }));
    expect(calls.some((call) => call.method === 'DELETE')).toBe(false);
    await user.click(screen.getByRole('button', { name: 'Undo import' }));
    expect(calls.some((call) => call.method === 'DELETE' && call.path === '/imports/3')).toBe(true);
  });

  it('goes back to the first import, page by page', async () => {
    const many = (from: number, to: number) =>
      Array.from({ length: from - to }, (_, at) => ({ ...finishedImport, id: from - at, file_name: `${from - at}.zip` }));
    serve({
      'GET /imports': ({ params }: { params: Record<string, unknown> }) => (params.before === 21 ? many(20, 0) : many(120, 20)),
    });
    const user = userEvent.setup();
    draw(<Page />);
    expect(await screen.findByText('The latest 100 imports')).toBeVisible();
    expect(screen.queryByText('1.zip')).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Further back' }));
    expect(await screen.findByText('1.zip')).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Further back' })).toBeNull();
  });

  it('says that undoing stopped, and lets one try again', async () => {
    const error = 'This could not be finished after several tries.';
    const calls = serve({
      'GET /imports': [{ ...finishedImport, state: 'undoing', error }],
      'DELETE /imports/3': { ...finishedImport, state: 'undoing' },
    });
    const user = userEvent.setup();
    draw(<Page />);
    expect(await screen.findByText('undoing stopped')).toBeVisible();
    await user.click(screen.getByText('my_spotify_data.zip'));
    expect(screen.getByText(error)).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Undo again' }));
    await user.click(screen.getByRole('button', { name: 'Undo import' }));
    expect(calls.some((call) => call.method === 'DELETE' && call.path === '/imports/3')).toBe(true);
  });

  it('says of a duplicate which play stands for it, and where that came from', async () => {
    const play = { title: 'Gloria', artist: 'Patti Smith', started_at: '2024-05-01T10:00:00Z' };
    serve({
      'GET /imports/3/rejects': ({ params }: { params: Record<string, unknown> }) =>
        params.verdict === 'duplicate'
          ? [
              {
                file: 'scrobbles.csv',
                row: 12,
                verdict: 'duplicate',
                reason: 'known_in_more_detail',
                detail: { ...play, same_as: { ...play, source: 'spotify_export', file: 'a/endsong_0.json', import: 'spotify.zip' } },
              },
            ]
          : [],
    });
    const user = userEvent.setup();
    draw(<Ledger item={finishedImport} />);
    const [, duplicate] = screen.getAllByRole('button', { name: /Show rows/ });
    if (duplicate) await user.click(duplicate);
    expect(await screen.findByText(/Gloria, Patti Smith, .*\(endsong_0.json in spotify.zip\)/)).toBeVisible();
  });

  it('sends several archives one after the other and keeps loose files together', async () => {
    const calls = serve({ 'GET /imports': [], 'POST /imports': { ...finishedImport, state: 'done' } });
    const user = userEvent.setup();
    draw(<Page />);
    const loose = [new File(['[]'], 'endsong_0.json'), new File(['[]'], 'endsong_1.json'), new File(['x'], 'cover.jpg')];
    await user.upload(screen.getByLabelText('Files to import'), [zip, new File(['PK'], 'maloja.zip'), ...loose]);
    await waitFor(() => expect(calls.filter((call) => call.method === 'POST')).toHaveLength(3));
  });

  it('makes rejected rows readable', async () => {
    serve({
      'GET /imports/3/rejects': [
        { file: 'endsong_0.json', row: 12, verdict: 'skipped', reason: 'no_name', detail: { ts: '2024-05-01T10:00:00Z' } },
      ],
    });
    const user = userEvent.setup();
    draw(<Ledger item={finishedImport} />);
    const [, , skipped] = screen.getAllByRole('button', { name: /Show rows/ });
    if (skipped) await user.click(skipped);
    expect(await screen.findByText('endsong_0.json')).toBeVisible();
    expect(screen.getByText(/2024-05-01T10:00:00Z/)).toBeVisible();
  });
});
