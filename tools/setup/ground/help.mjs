// What each command says about itself; here, so that help needs nothing installed.

const ENGINE = `  --gpu               TensorFlow with CUDA (Linux x64 with an NVIDIA GPU), about 8 GB; remembered
  --cpu               TensorFlow for the processor, about 1 GB; remembered
  --auto              forget that choice: CUDA where an NVIDIA GPU is found, else the processor
  --require-engine    fail where the native engine cannot be made, instead of going on with slower backends; CI=true implies it`;

/** @type {Readonly<Record<"setup" | "start" | "test" | "doctor", string>>} */
export const HELP = {
  setup: `npm run setup -- [options]

Sets the course up inside this folder: npm packages, Python environment (.venv), TensorFlow and its binding (.engine), the built library
and kernel. What is already in place is checked and kept; a setup that was stopped carries on.

${ENGINE}`,
  start: `npm start -- [options]

Sets up what is missing, then opens JupyterLab on the notebooks. Ctrl-C ends it.

  --no-browser        print the address and open nothing
  --teacher           with nbgrader's menus and buttons, Jupytext and every kernel, for handing out and grading
  --ip ADDRESS        listen on this address, for a container that is reached from outside: 0.0.0.0 is every one. By default 127.0.0.1,
                      this machine alone. Whoever opens the page needs the token in the address that is printed
  --port N            listen on port N of this machine, 1024 to 65535; by default the first free one from 8888
${ENGINE}`,
  test: `npm test -- [options]

Sets up what is missing, then runs every check and test: format, lint, types, documentation, unit tests, and the course in the real
Jupyter and a real Chromium. CI=true turns whatever could not be tested into a failure.

${ENGINE}`,
  doctor: `npm run doctor

Prints what is installed, which backends work, what is missing and how to get it. Exit status 1 when something needed is missing.
It changes nothing.`,
};
