/** The few calls of AWS by which a template is deployed, made to moto; nobody checks signatures there. */
import { setTimeout as sleep } from 'node:timers/promises';

const REGION = 'us-east-1';
const POLL_MS = 300;
const DEPLOY_TIMEOUT_MS = 60_000;

const authorised = (service: string): Record<string, string> => ({
  authorization: `AWS4-HMAC-SHA256 Credential=test/20260101/${REGION}/${service}/aws4_request, SignedHeaders=host, Signature=none`,
});

async function answered(answer: Response): Promise<string> {
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${answer.status} ${text.slice(0, 1_000)}`);
  return text;
}

async function form(url: string, service: string, fields: Record<string, string>): Promise<string> {
  return answered(
    await fetch(url, { method: 'POST', headers: authorised(service), body: new URLSearchParams(fields) }),
  );
}

/** What `cdk bootstrap` leaves and every template asks for: its version. */
export async function bootstrap(url: string): Promise<void> {
  const json = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'AmazonSSM.PutParameter' };
  const body = JSON.stringify({ Name: '/cdk-bootstrap/hnb659fds/version', Value: '30', Type: 'String' });
  await answered(await fetch(url, { method: 'POST', headers: { ...authorised('ssm'), ...json }, body }));
}

/** Creates a stack and waits until it is there. Throws with what CloudFormation says where it fails. */
export async function deploy(url: string, name: string, template: string): Promise<void> {
  await form(url, 'cloudformation', {
    Action: 'CreateStack',
    Version: '2010-05-15',
    StackName: name,
    TemplateBody: template,
    'Capabilities.member.1': 'CAPABILITY_IAM',
  });
  const timeEnds = performance.now() + DEPLOY_TIMEOUT_MS;
  for (;;) {
    const state = await form(url, 'cloudformation', {
      Action: 'DescribeStacks',
      Version: '2010-05-15',
      StackName: name,
    });
    const status = /<StackStatus>(\w+)<\/StackStatus>/.exec(state)?.[1];
    if (status === 'CREATE_COMPLETE') return;
    if (status !== 'CREATE_IN_PROGRESS' || performance.now() > timeEnds)
      throw new Error(`the stack ${name} is ${status}: ${state.slice(0, 2_000)}`);
    await sleep(POLL_MS);
  }
}
