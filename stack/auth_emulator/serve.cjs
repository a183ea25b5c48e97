// The Firebase Auth emulator alone, as `node serve.cjs HOST PORT PROJECT [FOLDER OF KEPT ACCOUNTS]`.
//
// `firebase emulators:start` would do, but it opens two more ports, announces itself in a file of the machine's
// temporary folder that every emulator of the same project shares, and spends 8 s of processor time on compiling
// validators of calls that nobody makes. This calls what it calls, with its validator's own option to compile when needed.
const exegesis = require('exegesis-express');
const { middleware } = exegesis;
exegesis.middleware = (spec, options) => middleware(spec, { ...options, lazyCompileValidationSchemas: true });

const { AuthEmulator, SingleProjectMode } = require('firebase-tools/lib/emulator/auth');

const [host, port, projectId, kept] = process.argv.slice(2);
const emulator = new AuthEmulator({
  host,
  port: Number(port),
  projectId,
  singleProjectMode: SingleProjectMode.NO_WARNING,
});

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => emulator.stop().then(() => process.exit(0)));
}

(async () => {
  await emulator.start();
  if (kept) {
    await emulator.importData(kept, projectId, { initiatedBy: 'start' });
  }
  console.log(`The Auth emulator of ${projectId} is at ${host}:${port}.`);
})();
