// What `npm start` accepts, and what Jupyter is given to see.
import { createServer, type AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { isFree, jupyterEnv, parseStartOptions, start } from "./start";

async function withTakenPort(use: (port: number) => Promise<void>): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await use((server.address() as AddressInfo).port);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

describe("parseStartOptions()", () => {
  it("reads both spellings of a port", () => {
    const expected = { openBrowser: false, port: 9000 };
    expect(parseStartOptions(["--no-browser", "--port", "9000"])).toEqual(expected);
    expect(parseStartOptions(["--port=9000", "--no-browser"])).toEqual(expected);
    expect(parseStartOptions([])).toEqual({ openBrowser: true, port: undefined });
  });

  it.each([["80"], ["65536"], ["8e3"], [""], ["-1"]])("refuses port %j", (port) => {
    expect(() => parseStartOptions(["--port", port])).toThrow("1024 to 65535");
  });

  it("names an unknown option", () => {
    expect(() => parseStartOptions(["--prot", "9000"])).toThrow("--prot");
  });
});

describe("start()", () => {
  it("refuses a taken port with one clear line before it starts anything", async () => {
    await withTakenPort(async (port) => {
      expect(await isFree(port)).toBe(false);
      await expect(start("/nowhere", { openBrowser: false, port })).rejects.toThrow(`Port ${port} is taken`);
    });
  });

  it("keeps the user's own Jupyter and Python settings out", () => {
    const env = jupyterEnv("/course", {
      PATH: "/bin",
      PYTHONPATH: "/mine",
      JUPYTER_CONFIG_DIR: "/mine",
      HOME: "/home/me",
    });
    expect(env).toMatchObject({ PATH: "/course/.venv/bin:/bin", HOME: "/home/me" });
    expect(Object.values(env)).not.toContain("/mine");
  });
});
