// The platform as an operator runs it, for one test file: real PostgreSQL (given by with_servers.py), an own nats-server
// with the generated permissions and an nkey per service, our binary, a small demo region.

import { spawn, spawnSync } from "node:child_process";
import { createHmac, randomBytes } from "node:crypto";
import { cpSync, mkdtempSync, openSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const need = (name) => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run the journeys by \`make browser\``);
  return value;
};

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer();
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

/** Waits until something is so; never for a fixed time. */
export async function eventually(what, isSo, seconds = 60) {
  const end = Date.now() + seconds * 1000;
  let last;
  while (Date.now() < end) {
    try {
      const value = await isSo();
      if (value) return value;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`waited ${seconds} s in vain: ${what}${last ? ` (${last.message})` : ""}`);
}

export async function startPlatform({ people = 300, employers = 12, openings = 80 } = {}) {
  const binary = need("DBJ_BIN");
  const folder = mkdtempSync(join(tmpdir(), "dbj-journey-"));
  const secrets = join(folder, "secrets");
  const store = join(folder, "nats");
  const started = [];
  // Logs go to files: a pipe that nobody empties while a verb runs would bring the platform to a halt.
  const logFiles = { platform: join(folder, "platform.log"), nats: join(folder, "nats.log") };
  const logs = { get platform() { return read("platform"); }, get nats() { return read("nats"); } };
  const read = (name) => { try { return readFileSync(logFiles[name], "utf8"); } catch { return ""; } };

  const natsPort = await freePort();
  const http = `127.0.0.1:${await freePort()}`;
  const health = `127.0.0.1:${await freePort()}`;
  const database = new URL(need("DBJ_TEST_DATABASE_URL"));
  database.pathname = `/journey_${randomBytes(6).toString("hex")}`;
  const environment = {
    ...process.env,
    DATABASE_URL: database.href,
    NATS_URL: `nats://127.0.0.1:${natsPort}`,
    DBJ_SECRETS: secrets,
    DBJ_HTTP: http,
    DBJ_HEALTH: health,
    DBJ_PROFILE: "development",
    DBJ_LOG: "debug,async_nats=info,sqlx=info",
  };
  const call = (...words) => {
    const done = spawnSync(binary, words, { env: environment, encoding: "utf8" });
    if (done.status !== 0) throw new Error(`dichterbij ${words[0]} failed\n${done.stdout}${done.stderr}`);
    return done.stdout;
  };
  const start = (name, command, words) => {
    const log = openSync(logFiles[name], "a");
    const child = spawn(command, words, { env: environment, stdio: ["ignore", log, log] });
    child.ended = new Promise((resolve) => child.on("exit", resolve));
    started.unshift(child);
    return child;
  };
  const stop = async () => {
    for (const child of started) {
      child.kill("SIGTERM");
      await child.ended;
    }
    rmSync(folder, { recursive: true, force: true });
  };

  try {
    call("keys", "--dir", secrets);
    const authorization = call("nats-config", "--secrets", secrets);
    const config = join(folder, "nats.conf");
    writeFileSync(
      config,
      `listen: "127.0.0.1:${natsPort}"\njetstream { store_dir: "${store}", sync_interval: always }\n${authorization}`,
    );
    start("nats", need("NATS_SERVER_BIN"), ["-c", config]);
    await eventually("NATS is ready", () => logs.nats.includes("Server is ready"), 20);
    call("migrate");
    const platform = start("platform", binary, ["run", "all"]);
    let ended = false;
    platform.ended.then(() => (ended = true));
    await eventually("the platform is ready", async () => {
      if (ended) throw new Error(`the platform ended:\n${logs.platform.slice(-3000)}`);
      return (await fetch(`http://${health}/ready`)).ok;
    });
    const amounts = ["--people", `${people}`, "--employers", `${employers}`, "--openings", `${openings}`];
    const signIns = call("demo", ...amounts, "--show-logins");
    return { address: `http://${http}`, health: `http://${health}`, database, store, logs, signIns, stop };
  } catch (error) {
    console.error(logs.platform.slice(-5000), logs.nats.slice(-2000));
    await stop();
    throw error;
  }
}

/** Everything that was written down anywhere, as bytes: the stream's files, the logs, the metrics, the database's columns. */
export async function everythingWrittenDown(platform) {
  const places = new Map();
  const copy = mkdtempSync(join(tmpdir(), "dbj-store-"));
  cpSync(platform.store, copy, { recursive: true });
  const walk = (folder) => {
    for (const name of readdirSync(folder)) {
      const path = join(folder, name);
      if (statSync(path).isDirectory()) walk(path);
      else places.set(`stream file ${path.slice(copy.length)}`, readFileSync(path));
    }
  };
  walk(copy);
  rmSync(copy, { recursive: true, force: true });
  places.set("log of the platform", Buffer.from(platform.logs.platform));
  places.set("log of NATS", Buffer.from(platform.logs.nats));
  places.set("metrics", Buffer.from(await (await fetch(`${platform.health}/metrics`)).text()));
  const dump = spawnSync(join(need("PG_BIN"), "pg_dump"), ["--data-only", "--dbname", platform.database.href], {
    maxBuffer: 1 << 30,
  });
  if (dump.status !== 0) throw new Error(`pg_dump failed: ${dump.stderr}`);
  places.set("database dump", dump.stdout);
  return places;
}

/** The code of this moment for a base32 secret (RFC 6238). */
export function codeByTheClock(base32, stepsAhead = 0) {
  const bits = [...base32.replace(/[\s=]/g, "")]
    .map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0"))
    .join("");
  const secret = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + stepsAhead));
  const digest = createHmac("sha1", secret).update(counter).digest();
  const offset = digest[19] & 15;
  return `${(digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000}`.padStart(6, "0");
}
