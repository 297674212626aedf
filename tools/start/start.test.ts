// What `npm start` accepts, and what Jupyter is given to see.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { joined, parseNotebook } from "../notebooks/notebook";
import { firstPage, isFree, jupyterEnv, parseStartOptions, putCoursePage, start } from "./start";

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
    const expected = { openBrowser: false, teacher: false, port: 9000, ip: "127.0.0.1" };
    expect(parseStartOptions(["--no-browser", "--port", "9000"])).toEqual(expected);
    expect(parseStartOptions(["--port=9000", "--no-browser"])).toEqual(expected);
    expect(parseStartOptions([])).toEqual({
      openBrowser: true,
      teacher: false,
      port: undefined,
      ip: "127.0.0.1",
    });
    expect(parseStartOptions(["--teacher"]).teacher).toBe(true);
  });

  it.each([["80"], ["65536"], ["8e3"], [""], ["-1"]])("refuses port %j", (port) => {
    expect(() => parseStartOptions(["--port", port])).toThrow("1024 to 65535");
  });

  it("listens beyond this machine only where that is asked for, and on an address", () => {
    expect(parseStartOptions(["--ip", "0.0.0.0"]).ip).toBe("0.0.0.0");
    expect(parseStartOptions(["--ip=::"]).ip).toBe("::");
    expect(() => parseStartOptions(["--ip", "everywhere"])).toThrow("got everywhere");
    expect(() => parseStartOptions(["--ip"])).toThrow("got none");
  });

  it("names an unknown option", () => {
    expect(() => parseStartOptions(["--prot", "9000"])).toThrow("--prot");
  });
});

describe("putCoursePage()", () => {
  it("writes a notebook whose cell calls a command that there is, and leaves one that was run alone", () => {
    const root = mkdtempSync(join(tmpdir(), "start-"));
    try {
      putCoursePage(root);
      const path = join(root, "course.ipynb");
      const { cells } = parseNotebook(readFileSync(path, "utf8"), path);
      const [, script] = /npm run --silent (\w+) -- --markdown/.exec(joined(cells[1]!.source))!;
      const { scripts } = JSON.parse(
        readFileSync(resolve(__dirname, "..", "..", "package.json"), "utf8"),
      ) as { scripts: Record<string, string> };
      expect(scripts).toHaveProperty([script!]);
      writeFileSync(path, "mine");
      putCoursePage(root);
      expect(readFileSync(path, "utf8")).toBe("mine");
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  });
});

describe("the configuration of npm start", () => {
  const read = (path: string): unknown => JSON.parse(readFileSync(join(__dirname, path), "utf8"));

  it("ends idle kernels of closed notebooks after the time that docs/cells.md says, and never one that computes or is shown", () => {
    expect(read("jupyter/jupyter_server_config.json")).toMatchObject({
      MappingKernelManager: { cull_idle_timeout: 2 * 60 * 60, cull_busy: false, cull_connected: false },
    });
    const page = readFileSync(resolve(__dirname, "../../docs/cells.md"), "utf8");
    expect(page).toContain("when its tab is closed, and for two hours more");
  });
});

describe("firstPage()", () => {
  it("is chapter 00 the first time, then what was open when JupyterLab was left, and the page of the course where nothing was", () => {
    const root = mkdtempSync(join(tmpdir(), "start-"));
    try {
      expect(firstPage(root)).toBe("/lab/tree/notebooks/00-start-here.ipynb");
      expect(existsSync(join(resolve(__dirname, "..", ".."), "notebooks", basename(firstPage(root))))).toBe(
        true,
      );
      const workspaces = jupyterEnv(root, { teacher: false })["JUPYTERLAB_WORKSPACES_DIR"]!;
      mkdirSync(workspaces, { recursive: true });
      const left = (data: object) => {
        writeFileSync(join(workspaces, "default-37a8.jupyterlab-workspace"), JSON.stringify({ data }));
      };
      left({ "notebook:notebooks/02-residual-learning.ipynb": { data: {} }, "layout-restorer:data": {} });
      expect(firstPage(root)).toBe("/lab");
      left({ "layout-restorer:data": { main: { dock: null } }, "file-browser-filebrowser:cwd": {} });
      expect(firstPage(root)).toBe("/lab/tree/course.ipynb");
    } finally {
      rmSync(root, { recursive: true });
    }
  });
});

describe("start()", () => {
  it("refuses a taken port with one clear line before it starts anything", async () => {
    await withTakenPort(async (port) => {
      expect(await isFree(port)).toBe(false);
      const options = { openBrowser: false, teacher: false, port, ip: "127.0.0.1" };
      await expect(start("/nowhere", options)).rejects.toThrow(`Port ${port} is taken`);
    });
  });

  it("keeps the user's own Jupyter and Python settings out", () => {
    const own = { PATH: "/bin", PYTHONPATH: "/mine", JUPYTER_CONFIG_DIR: "/mine", HOME: "/home/me" };
    const env = jupyterEnv("/course", { teacher: false }, own);
    expect(env).toMatchObject({ PATH: "/course/.venv/bin:/bin", HOME: "/home/me" });
    expect(Object.values(env)).not.toContain("/mine");
  });
});
