// Unpacks the packaged browser where it is not yet; prints where it is and where the libraries are that it may need.
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('./node_modules/.cache/browser', import.meta.url));
mkdirSync(folder, { recursive: true });
process.env.TMPDIR = folder;
process.env.AWS_EXECUTION_ENV = 'AWS_Lambda_nodejs22.x'; // makes the package unpack its own libnss3 too

const { default: chromium } = await import('@sparticuz/chromium');
const executable = await chromium.executablePath();
console.log(JSON.stringify({ executable, libraries: `${folder}/al2023/lib` }));
