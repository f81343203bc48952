// The packages need Node 22.12. On Linux the lockfile brings Node 24; elsewhere the Node on PATH has to be new enough.
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);

if (major < 22 || (major === 22 && minor < 12)) {
  console.error(`Signalbox needs Node 22.12 or newer here; this is ${process.version}. Please install a newer Node.`);
  process.exit(1);
}
