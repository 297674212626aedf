// A worker thread that ends the kernel when the process that started it is gone, even while a cell computes without yielding.
const parent = process.ppid;

setInterval(() => {
  // An orphan is handed to another process. SIGTERM's default action needs no event loop on the main thread.
  if (process.ppid !== parent) process.kill(process.pid, "SIGTERM");
}, 1000);

export {};
