import { storedZip, type ZipEntry } from './storedZip';

/** What is sent at once: a ZIP or a file as it is, or several files that belong together. */
export interface Parcel {
  name: string;
  size: number;
  /** One file is sent as it is; several travel as one archive. */
  files: ZipEntry[];
}

const READ = /\.(json|jsonl|ndjson|csv|tsv|txt)$/i;
const ARCHIVE = /\.zip$/i;

/** Each ZIP goes alone; loose files, and what lies in a folder, make one import. Other files stay at home. */
export function parcels(found: ZipEntry[]): Parcel[] {
  const archives = found.filter(({ path }) => ARCHIVE.test(path));
  const loose = found.filter(({ path }) => READ.test(path) && !path.split('/').some((part) => part.startsWith('.')));
  const alone = archives.map((entry): Parcel => ({ name: baseName(entry.path), size: entry.file.size, files: [entry] }));
  if (loose.length === 0) {
    // a single file under any name is worth a look: the server tells what it is
    const [only] = found;
    return alone.length === 0 && found.length === 1 && only ? [parcelOf([only])] : alone;
  }
  return [...alone, parcelOf(distinct(loose))];
}

function parcelOf(files: ZipEntry[]): Parcel {
  const size = files.reduce((sum, { file }) => sum + file.size, 0);
  const [first] = files;
  if (files.length === 1 && first) return { name: baseName(first.path), size, files };
  const folders = new Set(files.map(({ path }) => (path.includes('/') ? (path.split('/')[0] ?? '') : '')));
  const [folder] = folders;
  return { name: folders.size === 1 && folder ? folder : `${files.length} files`, size, files };
}

/** The bytes to send; `onShare` hears how much of several files is read, 0..1. */
export async function bodyOf({ files, size }: Parcel, onShare: (share: number) => void): Promise<Blob> {
  const [only] = files;
  if (files.length === 1 && only) return only.file;
  let read = 0;
  return storedZip(files, (bytes) => {
    read += bytes;
    onShare(size ? read / size : 1);
  });
}

const baseName = (path: string): string => path.split('/').at(-1) ?? path;

/** Two files of one name, from two places, keep both. */
function distinct(entries: ZipEntry[]): ZipEntry[] {
  const seen = new Map<string, number>();
  return entries.map((entry) => {
    const times = (seen.get(entry.path) ?? 0) + 1;
    seen.set(entry.path, times);
    return times === 1 ? entry : { ...entry, path: `${times}/${entry.path}` };
  });
}

export function chosen(files: FileList): ZipEntry[] {
  return Array.from(files, (file) => ({ path: file.webkitRelativePath || file.name, file }));
}

/** Files and folders that were dropped, folders to their bottom. */
export async function dropped(transfer: DataTransfer): Promise<ZipEntry[]> {
  // the list is only there while the event is being handled: everything is taken out of it before the first wait
  const items = Array.from(transfer.items ?? [], (item) => item.webkitGetAsEntry?.() ?? null);
  const plain = chosen(transfer.files);
  if (!items.some((item) => item?.isDirectory)) return plain;
  const found = await Promise.all(items.map((item) => (item ? inside(item) : Promise.resolve([]))));
  return found.flat();
}

async function inside(entry: FileSystemEntry): Promise<ZipEntry[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    return [{ path: entry.fullPath.replace(/^\//, ''), file }];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: ZipEntry[] = [];
  // a folder is told in pieces of at most a hundred, and ends with an empty one
  for (;;) {
    const piece = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (piece.length === 0) return found;
    for (const each of piece) found.push(...(await inside(each)));
  }
}
