import { describe, expect, it } from 'vitest';
import { dropped, parcels } from './gather';
import { crc32, storedZip } from './storedZip';

const entry = (path: string, text = '[]') => ({ path, file: new File([text], path.split('/').at(-1) ?? path) });

describe('what belongs together', () => {
  it('sends each archive alone and loose files as one', () => {
    const found = [entry('a.zip'), entry('b.ZIP'), entry('endsong_0.json'), entry('scrobbles.csv'), entry('ReadMe.pdf')];
    expect(parcels(found).map(({ name, files }) => [name, files.length])).toEqual([
      ['a.zip', 1],
      ['b.ZIP', 1],
      ['2 files', 2],
    ]);
  });

  it('calls a folder by its name and leaves hidden files at home', () => {
    const found = [entry('MyData/a.json'), entry('MyData/sub/b.jsonl'), entry('MyData/.hidden.json'), entry('__MACOSX/._a.json')];
    expect(parcels(found).map(({ name, files }) => [name, files.length])).toEqual([['MyData', 2]]);
  });

  it('keeps two files of one name apart, and finds nothing in pictures', () => {
    const [both] = parcels([entry('a.json'), entry('a.json')]);
    expect(both?.files.map(({ path }) => path)).toEqual(['a.json', '2/a.json']);
    expect(parcels([entry('a.jpg'), entry('b.png')])).toEqual([]);
    // a single file of any name is worth a look by the server
    expect(parcels([entry('history')])).toHaveLength(1);
  });

  it('reads a dropped folder to its bottom, however it is told', async () => {
    const file = (path: string) => ({
      isFile: true,
      isDirectory: false,
      fullPath: path,
      file: (resolve: (file: File) => void) => resolve(entry(path).file),
    });
    const folder = (path: string, pieces: unknown[][]) => ({
      isFile: false,
      isDirectory: true,
      fullPath: path,
      createReader: () => {
        const left = [...pieces, []];
        return { readEntries: (resolve: (entries: unknown[]) => void) => resolve(left.shift() ?? []) };
      },
    });
    const inner = folder('/MyData/listens', [[file('/MyData/listens/1.jsonl')]]);
    const outer = folder('/MyData', [[file('/MyData/a.json')], [inner]]);
    const transfer = { items: [{ webkitGetAsEntry: () => outer }], files: [] } as unknown as DataTransfer;
    expect((await dropped(transfer)).map(({ path }) => path)).toEqual(['MyData/a.json', 'MyData/listens/1.jsonl']);
  });
});

describe('an archive made in the browser', () => {
  it('knows the checksum that everybody knows', async () => {
    expect(await crc32(new File(['123456789'], 'x'))).toBe(0xcbf43926);
  });

  it('holds its files whole, with a directory that points at them', async () => {
    const zip = new Uint8Array(await (await storedZip([entry('ä/a.json', '[1]'), entry('b.csv', 'a,b')])).arrayBuffer());
    const view = new DataView(zip.buffer);
    const end = zip.length - 22;
    expect(view.getUint32(end, true)).toBe(0x06054b50);
    expect(view.getUint16(end + 10, true)).toBe(2);
    const directory = view.getUint32(end + 16, true);
    expect(view.getUint32(directory, true)).toBe(0x02014b50);
    expect(new TextDecoder().decode(zip)).toContain('ä/a.json[1]');
  });
});
