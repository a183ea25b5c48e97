/** A ZIP that only holds its files together, nothing packed: made without copying them (APPNOTE 6.3, method 0). */

export interface ZipEntry {
  path: string;
  file: File;
}

const LOCAL_HEADER = 0x04034b50;
const DIRECTORY_HEADER = 0x02014b50;
const DIRECTORY_END = 0x06054b50;
const VERSION = 20;
const NAMES_ARE_UTF8 = 0x0800;
/** 1 January 1980, the first day a ZIP can name: nothing here depends on the time. */
const DAY = 0x21;
const PIECE = 4 * 1024 * 1024;

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value >>> 0;
});

export async function crc32(file: Blob, onRead: (bytes: number) => void = () => {}): Promise<number> {
  let value = 0xffffffff;
  for (let at = 0; at < file.size; at += PIECE) {
    const piece = new Uint8Array(await file.slice(at, at + PIECE).arrayBuffer());
    for (const byte of piece) value = (TABLE[(value ^ byte) & 0xff] ?? 0) ^ (value >>> 8);
    onRead(piece.length);
  }
  return (value ^ 0xffffffff) >>> 0;
}

/** `onRead` hears how many bytes were read: every file is read once for its checksum. */
export async function storedZip(entries: ZipEntry[], onRead?: (bytes: number) => void): Promise<Blob> {
  const parts: BlobPart[] = [];
  const directory: BlobPart[] = [];
  let offset = 0;
  let directoryBytes = 0;
  for (const { path, file } of entries) {
    const name = new TextEncoder().encode(path);
    const about = [VERSION, NAMES_ARE_UTF8, 0, 0, DAY];
    const sizes = [await crc32(file, onRead), file.size, file.size];
    const local = header([LOCAL_HEADER], about, sizes, [name.length, 0]);
    const listed = header([DIRECTORY_HEADER], [VERSION, ...about], sizes, [name.length, 0, 0, 0, 0], [0, offset]);
    parts.push(local, name, file);
    directory.push(listed, name);
    offset += local.byteLength + name.length + file.size;
    directoryBytes += listed.byteLength + name.length;
  }
  const end = header([DIRECTORY_END], [0, 0, entries.length, entries.length], [directoryBytes, offset], [0]);
  return new Blob([...parts, ...directory, end], { type: 'application/zip' });
}

/** Groups of numbers, by turns of four bytes and of two, little end first. */
function header(...groups: number[][]): ArrayBuffer {
  const widths = groups.map((_, index) => (index % 2 === 0 ? 4 : 2));
  const view = new DataView(new ArrayBuffer(groups.reduce((sum, group, index) => sum + group.length * (widths[index] ?? 0), 0)));
  let at = 0;
  groups.forEach((group, index) => {
    for (const value of group) {
      if (widths[index] === 4) view.setUint32(at, value, true);
      else view.setUint16(at, value, true);
      at += widths[index] ?? 0;
    }
  });
  return view.buffer;
}
