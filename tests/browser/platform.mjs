// The platform as an operator runs it, for one test file: real PostgreSQL (given by with_servers.py), an own nats-server
// with the generated permissions and an nkey per service, our binary, a small demo region.

import { spawn, spawnSync } from "node:child_process";
import { createHmac, randomBytes, randomInt } from "node:crypto";
import { createSocket } from "node:dgram";
import { closeSync, cpSync, mkdtempSync, openSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import http from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const need = (name) => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run the journeys by \`make browser\``);
  return value;
};

/**
 * A port that was free a moment ago, below those that the system gives to whoever connects: one of those may be taken by
 * the time it is needed. Until we end it is claimed by UDP, which nothing else here uses: whoever looks for one beside us
 * gets another (tests/src/site.rs claims in the same way).
 */
const freePort = () =>
  new Promise((resolve) => {
    const [port, claim, server] = [randomInt(12_000, 32_000), createSocket("udp4"), createServer()];
    for (const socket of [claim, server]) socket.on("error", () => resolve(freePort()));
    claim.bind(port, "127.0.0.1", () => {
      claim.unref();
      server.listen(port, "127.0.0.1", () => server.close(() => resolve(port)));
    });
  });

/** What no waiting mends. */
class Hopeless extends Error {}

/** Waits until something is so; never for a fixed time. */
export async function eventually(what, isSo, seconds = 60) {
  const end = Date.now() + seconds * 1000;
  let last;
  while (Date.now() < end) {
    try {
      const value = await isSo();
      if (value) return value;
    } catch (error) {
      if (error instanceof Hopeless) throw error;
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`waited ${seconds} s in vain: ${what}${last ? ` (${last.message})` : ""}`);
}

/** The services, and how many processes each has when every one is apart (`DBJ_APART=1`, docs/running-apart.md). */
const SERVICES = ["notifier", "intake", "vacancies", "open-hiring", "matcher", "portal"];
const REPLICAS = 2;

/**
 * What stands before two portals: request by request to the next one, so that nothing can live in the memory of one;
 * past one that refuses. As an operator's proxy would.
 */
async function startBalancer(port, portals) {
  let turn = 0;
  const ask = (request, body, answer, left) => {
    const [host, to] = portals[turn++ % portals.length].split(":");
    const { method, url: path } = request;
    const headers = { ...request.headers, "x-forwarded-for": request.socket.remoteAddress };
    // A connection of its own for each: one that waits for the next may be closed just then.
    const upstream = http.request({ host, port: to, method, path, headers, agent: false }, (response) => {
      const { connection, "keep-alive": _, ...passed } = response.headers;
      answer.writeHead(response.statusCode, passed);
      response.pipe(answer);
    });
    upstream.on("error", (error) => {
      if (error.code === "ECONNREFUSED" && left > 1) ask(request, body, answer, left - 1);
      else answer.destroy(error);
    });
    upstream.end(body);
  };
  const server = http.createServer(async (request, answer) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    ask(request, Buffer.concat(parts), answer, portals.length);
  });
  await new Promise((resolve) => server.listen(port, "127.0.0.1", resolve));
  return () => {
    server.close();
    server.closeAllConnections();
  };
}

/** With `clocks` the services are those whose clocks can be moved: `pass(days)` of what is returned. */
export async function startPlatform({ people = 300, employers = 12, openings = 80, clocks = false } = {}) {
  const apart = process.env.DBJ_APART === "1";
  const binary = need("DBJ_BIN");
  const folder = mkdtempSync(join(tmpdir(), "dbj-journey-"));
  const secrets = join(folder, "secrets");
  const store = join(folder, "nats");
  const jumps = join(folder, "clocks");
  const started = [];
  const read = (child) => { try { return readFileSync(child.log, "utf8"); } catch { return ""; } };
  const logs = {
    get nats() { return started.slice(0, 1).map(read).join(""); },
    get platform() { return started.slice(1).map(read).join(""); },
  };

  const natsPort = await freePort();
  const front = `127.0.0.1:${await freePort()}`;
  const address = async () => `127.0.0.1:${await freePort()}`;
  const processes = apart
    ? await Promise.all([...SERVICES.flatMap((name) => Array(REPLICAS).fill(name)), "streams"].map(async (name) => ({
        name, http: await address(), health: await address(),
      })))
    : [{ name: "all", http: front, health: await address() }];
  const database = new URL(need("DBJ_TEST_DATABASE_URL"));
  database.pathname = `/journey_${randomBytes(6).toString("hex")}`;
  const environment = {
    ...process.env,
    DATABASE_URL: database.href,
    NATS_URL: `nats://127.0.0.1:${natsPort}`,
    DBJ_SECRETS: secrets,
    // Where people find it: what stands before the portals when they are apart.
    DBJ_PUBLIC_ADDRESS: `http://${front}`,
    DBJ_PROXIES: apart ? "1" : "0",
    // The verbs below look there.
    DBJ_HTTP: processes.at(-1).http,
    DBJ_HEALTH: processes.at(-1).health,
    DBJ_PROFILE: "development",
    DBJ_PROCESSES: apart ? `${REPLICAS}` : "1",
    DBJ_LOG: "debug,async_nats=info,sqlx=info",
  };
  const call = (...words) => {
    const done = spawnSync(binary, words, { env: environment, encoding: "utf8" });
    if (done.status !== 0) throw new Error(`dichterbij ${words[0]} failed\n${done.stdout}${done.stderr}`);
    return done.stdout;
  };
  const start = (name, command, words, settings = {}) => {
    // Logs go to files: a pipe that nobody empties while a verb runs would bring the platform to a halt.
    const log = join(folder, `${started.length}-${name}.log`);
    const output = openSync(log, "a");
    const child = spawn(command, words, { env: { ...environment, ...settings }, stdio: ["ignore", output, output] });
    closeSync(output);
    child.ended = new Promise((resolve) => child.on("exit", resolve));
    started.push(Object.assign(child, { name, log }));
  };
  /** Waits for a server or a service to be ready, and not for one that ended. */
  const ready = (what, isSo) => eventually(what, async () => {
    for (const child of started) {
      const ended = child.exitCode ?? child.signalCode;
      if (ended !== null) throw new Hopeless(`${child.name} ended (${ended}):\n${read(child).slice(-3000)}`);
    }
    return isSo();
  }, 120);
  let stopBalancer = () => {};
  const stop = async () => {
    stopBalancer();
    // The services first, all at a time; NATS after them.
    for (const children of [started.slice(1), started.slice(0, 1)]) {
      for (const child of children) child.kill("SIGTERM");
      await Promise.all(children.map((child) => child.ended));
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
    await ready("NATS is ready", () => logs.nats.includes("Server is ready"));
    call("migrate");
    for (const { name, http, health } of processes) {
      const program = clocks ? need("DBJ_WITH_FAULTS") : binary;
      start(name, program, ["run", name], { DBJ_HTTP: http, DBJ_HEALTH: health, DBJ_CLOCKS: jumps });
    }
    for (const { name, health } of processes) {
      await ready(`${name} is ready`, async () => {
        const answer = await fetch(`http://${health}/ready`);
        if (!answer.ok) throw new Error(await answer.text());
        return true;
      });
    }
    if (apart) {
      const portals = processes.filter(({ name }) => name === "portal").map(({ http }) => http);
      stopBalancer = await startBalancer(Number(front.split(":")[1]), portals);
    }
    const amounts = ["--people", `${people}`, "--employers", `${employers}`, "--openings", `${openings}`];
    const signIns = call("demo", ...amounts, "--show-logins");
    const health = processes.map(({ health }) => `http://${health}`);
    const platform = { address: `http://${front}`, health, database, store, logs, signIns, stop, days: 0 };
    // The clock of PostgreSQL as decisions see it, and that of the machine.
    platform.pass = (days) => {
      platform.days += days;
      const ahead = platform.days * 86_400_000;
      writeFileSync(`${jumps}.new`, `${ahead} ${ahead}`);
      renameSync(`${jumps}.new`, jumps);
    };
    return platform;
  } catch (error) {
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
  const metrics = await Promise.all(platform.health.map(async (health) => (await fetch(`${health}/metrics`)).text()));
  places.set("metrics", Buffer.from(metrics.join("")));
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
