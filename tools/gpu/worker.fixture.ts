// For tests: stands for a measuring process. The depth that it is asked for says how it ends.
const { depth } = JSON.parse(process.argv[2]!) as { depth: number };
const about = {
  backend: process.env["RESIDUAL_BACKEND"],
  device: "a test's",
  versions: {},
  isGpu: true,
  reason: "",
};
console.log("a driver prints this");
console.log(JSON.stringify({ about }));
console.log(JSON.stringify({ step: 1 }));
if (depth === 1) console.log(JSON.stringify({ imagesPerSecond: 10, gpuMiB: null }));
if (depth === 2) process.kill(process.pid, "SIGSEGV");
if (depth === 3) {
  console.error("OOM when allocating tensor\n\nI0000 00:00:1.0 1 port.cc:153] TensorFlow's own words");
  process.exitCode = 1;
}
