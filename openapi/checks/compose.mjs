// docker-compose.yml and Dockerfile, read without Docker: they parse, what they name exists, and they keep what SECURITY asks of them.

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseDocument } from "yaml";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const read = (file) => readFileSync(resolve(root, file), "utf8");

/** Everything wrong with a compose file. */
function composeFaults(text, settings) {
  const faults = [];
  const parsed = parseDocument(text, { uniqueKeys: true });
  if (parsed.errors.length > 0) return parsed.errors.map((error) => error.message);
  const { services = {}, secrets = {}, networks = {}, volumes = {} } = parsed.toJS() ?? {};
  for (const wanted of ["api", "postgres"]) if (!services[wanted]) faults.push(`there is no service ${wanted}`);
  for (const [name, service] of Object.entries(services)) {
    for (const one of service.secrets ?? []) if (!secrets[one]?.file) faults.push(`${name}: secret ${one} comes from no file`);
    for (const one of service.networks ?? []) if (!(one in networks)) faults.push(`${name}: there is no network ${one}`);
    for (const one of service.volumes ?? []) {
      const [source] = one.split(":");
      if (!source.startsWith(".") && !(source in volumes)) faults.push(`${name}: there is no volume ${source}`);
    }
    for (const one of Object.keys(service.depends_on ?? {})) {
      if (!services[one]) faults.push(`${name}: depends on the unknown ${one}`);
      if (service.depends_on[one].condition !== "service_healthy") faults.push(`${name}: does not wait until ${one} is healthy`);
    }
    for (const [key, value] of Object.entries(service.environment ?? {})) {
      if (/(PASSWORD|SECRET|TOKEN|KEY)$/.test(key) || /:\/\/[^/]*:[^/]*@/.test(String(value))) faults.push(`${name}: ${key} holds a secret in clear`);
      if (/_FILE$|_CONFIG$/.test(key) && !(service.secrets ?? []).some((one) => value === `/run/secrets/${one}`)) faults.push(`${name}: ${key} names no mounted secret`);
      if (key.startsWith("SECOND_OPINION_") && settings && !settings.includes(key)) faults.push(`${name}: the program knows no ${key}`);
    }
    if (!service.healthcheck && !service.build) faults.push(`${name}: has no health check`);
    if (service.privileged || service.network_mode === "host") faults.push(`${name}: runs with the host's rights`);
    for (const port of service.ports ?? []) if (!String(port).startsWith("127.0.0.1:")) faults.push(`${name}: port ${port} is open to everyone`);
    if (!service.build && !/:[\w.-]+$/.test(service.image ?? "")) faults.push(`${name}: its image has no version`);
  }
  for (const setting of ["fsync=on", "full_page_writes=on", "synchronous_commit=on"]) {
    if (!String(services.postgres?.command ?? "").includes(setting)) faults.push(`postgres: does not say ${setting}`);
  }
  if ((services.postgres?.ports ?? []).length > 0) faults.push("postgres: is reachable from outside");
  if (!networks.inside?.internal) faults.push("the database's network is not internal");
  return faults;
}

const INSTRUCTIONS = "ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR".split(" ");

/** Everything wrong with a Dockerfile. */
function dockerfileFaults(text) {
  const faults = [];
  const lines = text
    .split("\n")
    .filter((line) => !/^\s*#/.test(line))
    .join("\n")
    .replaceAll(/\\\n/g, " ")
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
  const stages = [];
  let last = [];
  for (const line of lines) {
    const [word, ...rest] = line.split(/\s+/);
    if (!INSTRUCTIONS.includes(word)) faults.push(`“${word}” is no instruction`);
    if (["CMD", "ENTRYPOINT"].includes(word) || (word === "HEALTHCHECK" && line.includes("CMD"))) {
      try {
        JSON.parse(line.slice(line.indexOf("[")));
      } catch {
        faults.push(`${word} is not in the form of a JSON list`);
      }
    }
    if (word === "FROM") {
      if (!/:[\w.-]+$/.test(rest[0]) && !stages.includes(rest[0])) faults.push(`${rest[0]} has no version`);
      if (/^as$/i.test(rest[1] ?? "")) stages.push(rest[2]);
      last = [];
    }
    const from = /--from=(\S+)/.exec(line)?.[1];
    if (from && !stages.includes(from)) faults.push(`there is no stage ${from}`);
    last.push([word, rest.join(" ")]);
  }
  if (lines.filter((line) => line.startsWith("FROM ")).length < 2) faults.push("it is not built in stages");
  const user = last.filter(([word]) => word === "USER").pop()?.[1];
  if (!user || /^(root|0)$/.test(user)) faults.push("it runs as root");
  if (!last.some(([word]) => word === "HEALTHCHECK")) faults.push("it has no health check");
  if (!/--no-default-features/.test(text) || !last.some(([, rest]) => rest.includes("libpq5"))) faults.push("it does not link Debian's libpq");
  return faults;
}

/** The settings that the program knows, from its own source. */
const settings = [...read("api/src/config.rs").matchAll(/env = "(SECOND_OPINION_\w+)"/g)].map(([, name]) => name);
const compose = read("docker-compose.yml");
const dockerfile = read("Dockerfile");
const faults = [
  ...composeFaults(compose, settings).map((one) => `docker-compose.yml: ${one}`),
  ...dockerfileFaults(dockerfile).map((one) => `Dockerfile: ${one}`),
  ...[...dockerfile.matchAll(/SECOND_OPINION_\w+/g)].filter(([name]) => !settings.includes(name)).map(([name]) => `Dockerfile: the program knows no ${name}`),
];
// What the image is built from is a list of what may enter: each of it must exist.
for (const line of read(".dockerignore").split("\n")) {
  const wanted = /^!(.*)$/.exec(line)?.[1];
  if (wanted && !existsSync(resolve(root, wanted))) faults.push(`.dockerignore: ${wanted} does not exist`);
}
const members = execFileSync("cargo", ["metadata", "--no-deps", "--format-version", "1"], { cwd: root, encoding: "utf8", maxBuffer: 1 << 26 });
for (const { manifest_path: path } of JSON.parse(members).packages) {
  const folder = dirname(path).slice(root.length + 1);
  if (!read(".dockerignore").split("\n").includes(`!${folder}`)) faults.push(`.dockerignore: the crate ${folder} is kept out of the image's build`);
}

// The control: each of these must be found.
const broken = [
  compose.replace("POSTGRES_PASSWORD_FILE: /run/secrets/postgres_password", "POSTGRES_PASSWORD: postgres"),
  compose.replace("fsync=on", "fsync=off"),
  compose.replace("file: data/secrets/master.key", "environment: MASTER_KEY"),
  compose.replace("SECOND_OPINION_MAIL", "SECOND_OPINION_MAILBOX"),
  compose.replace("127.0.0.1:8080:8080", "8080:8080"),
  compose.replace("condition: service_healthy", "condition: service_started"),
  compose.replace("  postgres:\n    image", "  postgres:\n   image"),
  compose.replace("internal: true", "internal: false"),
];
broken.forEach((text, index) => {
  if (text === compose || composeFaults(text, settings).length === 0) faults.push(`control: broken compose file number ${index + 1} is not seen`);
});
const brokenFiles = [dockerfile.replace("USER 10001", "USER root"), dockerfile.replace("--from=build", "--from=nothing"), dockerfile.replace("HEALTHCHECK", "HEALTH"), dockerfile.replace('["serve"]', "serve")];
brokenFiles.forEach((text, index) => {
  if (text === dockerfile || dockerfileFaults(text).length === 0) faults.push(`control: broken Dockerfile number ${index + 1} is not seen`);
});

for (const one of faults) console.log(`  ✗ ${one}`);
if (faults.length > 0) process.exit(1);
console.log(`  · docker-compose.yml and Dockerfile parse; ${broken.length + brokenFiles.length} broken ones were seen`);
