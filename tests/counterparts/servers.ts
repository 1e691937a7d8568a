/** The counterparts: what they are, how Maven brings them, how Java starts them on the loopback interface. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { freePort, LOOPBACK } from '../../infra/local/connection.ts';

export type Counterpart = { serves: 'dynamodb' | 'sqs'; endpoint: string; stop(): Promise<void> };
type Artifact = { group: string; name: string; version: string };
type Server = {
  title: string;
  serves: Counterpart['serves'];
  artifacts: readonly Artifact[];
  /** What follows `java -cp <jars>`; may write files into the folder. */
  words: (folder: string, port: number) => { properties: readonly string[]; main: readonly string[] };
};
export type ServerName = 'dynamodb-local' | 'elasticmq';

const JARS = 'jars';
const FETCH_TIMEOUT_MS = 8 * 60_000;
const START_TIMEOUT_MS = 90_000;
const STOP_TIMEOUT_MS = 5_000;
/** Copies the jars of a project and of what they need into a folder. */
const COPY_GOAL = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies';

export const SERVERS: Readonly<Record<ServerName, Server>> = {
  'dynamodb-local': {
    title: 'DynamoDB Local 2.6.1',
    serves: 'dynamodb',
    artifacts: [
      { group: 'com.amazonaws', name: 'DynamoDBLocal', version: '2.6.1' },
      { group: 'org.eclipse.jetty', name: 'jetty-xml', version: '12.0.14' },
    ],
    words: dynamodbWords,
  },
  elasticmq: {
    title: 'ElasticMQ 1.7.1',
    serves: 'sqs',
    artifacts: [{ group: 'org.elasticmq', name: 'elasticmq-server_2.13', version: '1.7.1' }],
    words: (_folder, port) => ({
      properties: [
        `-Drest-sqs.bind-hostname=${LOOPBACK}`,
        `-Drest-sqs.bind-port=${port}`,
        `-Dnode-address.host=${LOOPBACK}`,
        `-Dnode-address.port=${port}`,
        '-Drest-stats.enabled=false',
      ],
      main: ['org.elasticmq.server.Main'],
    }),
  },
};

/**
 * DynamoDB Local's own start (`ServerRunner -inMemory -port N`) binds every interface and may report its use to its maker.
 * The same handlers are put together here as it does, on the loopback interface and without that.
 */
function dynamodbWords(folder: string, port: number): { properties: string[]; main: string[] } {
  const file = settingsFile(folder, port);
  const local = 'com.amazonaws.services.dynamodbv2.local.server';
  writeFileSync(
    file,
    `<?xml version="1.0"?>
<!DOCTYPE Configure PUBLIC "-//Jetty//Configure//EN" "https://www.eclipse.org/jetty/configure_10_0.dtd">
<Configure id="server" class="org.eclipse.jetty.server.Server">
  <Arg><New class="java.net.InetSocketAddress"><Arg type="String">${LOOPBACK}</Arg><Arg type="int">${port}</Arg></New></Arg>
  <Set name="handler"><New class="org.eclipse.jetty.server.handler.ContextHandler"><Set name="handler">
    <New class="${local}.LocalDynamoDBServerHandler">
      <Arg><New class="${local}.LocalDynamoDBRequestHandler">
        <Arg type="int">0</Arg><Arg type="boolean">true</Arg><Arg/><Arg type="boolean">false</Arg><Arg type="boolean">false</Arg>
      </New></Arg>
      <Arg/>
    </New>
  </Set></New></Set>
</Configure>
`,
  );
  return {
    // Its SQLite is a native library that came with the jars.
    properties: [`-Djava.library.path=${join(folder, JARS)}`],
    main: ['org.eclipse.jetty.xml.XmlConfiguration', file],
  };
}

/** Each start has its own, gone when it stops. */
const settingsFile = (folder: string, port: number): string => join(folder, `server-${port}.xml`);

/** Brings a server's jars into the folder unless they are there; a copy that was interrupted begins again. */
export async function fetchJars(
  name: ServerName,
  folder: string,
  stopping: AbortSignal,
  say: (text: string) => void,
): Promise<void> {
  const { artifacts } = SERVERS[name];
  const wanted = artifacts.map((artifact) => `${artifact.name}-${artifact.version}`).join('+');
  const complete = join(folder, `${wanted}.complete`);
  if (existsSync(complete)) return;
  const jars = join(folder, JARS);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(jars, { recursive: true });
  writeFileSync(join(folder, 'pom.xml'), pom(artifacts));
  say('being fetched, once; this takes a minute');
  await copyJars(folder, jars, stopping, say);
  writeFileSync(complete, '');
  say(`${readdirSync(jars).length} files are there`);
}

const pom = (artifacts: readonly Artifact[]): string => `<?xml version="1.0"?>
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>parley</groupId><artifactId>counterparts</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
${artifacts.map((it) => `    <dependency><groupId>${it.group}</groupId><artifactId>${it.name}</artifactId><version>${it.version}</version></dependency>`).join('\n')}
  </dependencies>
</project>
`;

async function copyJars(
  folder: string,
  jars: string,
  stopping: AbortSignal,
  say: (text: string) => void,
): Promise<void> {
  const words = ['-B', '-f', join(folder, 'pom.xml'), COPY_GOAL, `-DoutputDirectory=${jars}`];
  const maven = spawn('mvn', words, { stdio: ['ignore', 'pipe', 'pipe'], signal: stopping });
  let said = '';
  let downloaded = 0;
  const read = (data: Buffer) => {
    said = (said + data.toString()).slice(-3_000);
    const more = data.toString().split('Downloaded from').length - 1;
    if (Math.floor((downloaded + more) / 50) > Math.floor(downloaded / 50))
      say(`${downloaded + more} files downloaded`);
    downloaded += more;
  };
  maven.stdout.on('data', read);
  maven.stderr.on('data', read);
  const timer = setTimeout(() => maven.kill('SIGTERM'), FETCH_TIMEOUT_MS);
  const code = await ended(maven);
  clearTimeout(timer);
  if (code !== 0) throw new Error(`Maven could not bring the jars (${code}):\n${said}`);
}

/** Starts the server on a free port and answers once it takes connections. */
export async function startServer(name: ServerName, folder: string, stopping: AbortSignal): Promise<Counterpart> {
  const { title, serves, words } = SERVERS[name];
  const port = await freePort();
  const { properties, main } = words(folder, port);
  const java = spawn('java', [...properties, '-cp', join(folder, JARS, '*'), ...main], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  const read = (data: Buffer) => {
    said = (said + data.toString()).slice(-3_000);
  };
  java.stdout.on('data', read);
  java.stderr.on('data', read);
  const end = ended(java);
  const stop = async () => {
    await stopServer(java, end);
    rmSync(settingsFile(folder, port), { force: true });
  };
  // A process that ends by an error must not leave the server behind.
  process.once('exit', () => java.kill('SIGKILL'));
  const timeEnds = performance.now() + START_TIMEOUT_MS;
  while (!(await takesConnections(port))) {
    const problem = whyNotStarting(java, timeEnds, stopping);
    if (problem !== undefined) {
      await stop();
      throw new Error(`${title} did not start: ${problem}\n${said}`);
    }
    await new Promise((done) => setTimeout(done, 200));
  }
  return { serves, endpoint: `http://${LOOPBACK}:${port}`, stop };
}

/** Undefined while it may still come up; `timeEnds` is of `performance.now()`. */
function whyNotStarting(java: ChildProcess, timeEnds: number, stopping: AbortSignal): string | undefined {
  if (java.pid === undefined || java.exitCode !== null || java.signalCode !== null) return 'it ended';
  if (stopping.aborted) return 'interrupted';
  return performance.now() > timeEnds ? `it did not answer within ${START_TIMEOUT_MS / 1_000} s` : undefined;
}

async function stopServer(java: ChildProcess, end: Promise<unknown>): Promise<void> {
  java.kill('SIGTERM');
  const timer = setTimeout(() => java.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await end;
  clearTimeout(timer);
}

/** The exit code, the signal's name, or what went wrong at the start. */
async function ended(child: ChildProcess): Promise<number | string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(code ?? signal ?? 'ended'));
  });
}

async function takesConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: LOOPBACK, timeout: 1_000 });
    const finish = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => finish(true));
    socket.once('error', () => finish(false));
    socket.once('timeout', () => finish(false));
  });
}
