// The command that makes the native engine: the package's own where npm installed it, the course's in its checkout.

/** The command to type, with an option such as `--gpu` where one is given. */
export function setupCommand(option?: string): string {
  const isInstalled = /[\\/]node_modules[\\/]/.test(__dirname);
  if (isInstalled) return ["npx residual setup", ...(option === undefined ? [] : [option])].join(" ");
  return ["npm run setup", ...(option === undefined ? [] : ["--", option])].join(" ");
}
