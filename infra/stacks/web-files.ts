/**
 * The files that browsers load: the built web app's, those of the readable API, and its description. They lie in a bucket
 * that only the stage's distribution reads. Pages are not among them: each has a nonce of its own, see `functions/site`.
 */
import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { BlockPublicAccess, Bucket, BucketEncryption, type CfnBucket, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { BucketDeployment, CacheControl, Source } from 'aws-cdk-lib/aws-s3-deployment';
import { Construct } from 'constructs';
import { DOCS_ASSETS } from '../../shared/api/docs.ts';
import { openApi } from '../../shared/api/openapi.ts';
import { PAGE_FILES } from '../../shared/api/web-page.ts';
import { meant } from './checks.ts';
import type { Stage } from './stage.ts';

/** Vite puts a hash of the content into the names of everything in this folder. */
const HASHED = 'assets';
const PAGES = Object.values(PAGE_FILES);
/** What the build leaves for its own use. */
const NOT_SERVED = /^(?:\.vite|built-from)$/;
const KEPT_FOR_GOOD = CacheControl.fromString('public, max-age=31536000, immutable');
const KEPT_FOR_MINUTES = CacheControl.fromString('public, max-age=300');

export type StagedWeb = {
  /** Folders of what is uploaded: files named by their content, and all others. */
  hashed: string;
  plain: string;
  /** The patterns of paths that files answer. */
  paths: readonly string[];
};

/**
 * Lays what a build of the web app made where it is deployed from: files below `into`, and the pages beside the code that
 * serves them.
 */
export function stageWeb(built: string, into: string, siteFolder: string): StagedWeb {
  rmSync(into, { recursive: true, force: true });
  const [hashed, plain] = [join(into, 'hashed'), join(into, 'plain')];
  cpSync(join(built, HASHED), join(hashed, HASHED), { recursive: true });
  for (const page of PAGES) copyFileSync(join(built, page), join(siteFolder, page));
  const files = readdirSync(built, { withFileTypes: true })
    .filter((entry) => entry.isFile() && !PAGES.includes(entry.name) && !NOT_SERVED.test(entry.name))
    .map(({ name }) => name);
  mkdirSync(join(plain, 'docs', 'assets'), { recursive: true });
  mkdirSync(join(plain, 'v1'));
  for (const file of files) copyFileSync(join(built, file), join(plain, file));
  const viewer = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  for (const file of Object.keys(DOCS_ASSETS)) copyFileSync(join(viewer, file), join(plain, 'docs', 'assets', file));
  writeFileSync(join(plain, 'v1', 'openapi.json'), JSON.stringify(openApi()));
  return {
    hashed,
    plain,
    paths: [`/${HASHED}/*`, ...files.map((file) => `/${file}`), '/docs/assets/*', '/v1/openapi.json'],
  };
}

/** Whether a folder holds a build. */
export const isBuilt = (folder: string): boolean => PAGES.every((page) => existsSync(join(folder, page)));

export class WebFiles extends Construct {
  readonly bucket: Bucket;
  /** What must be there before a page that names it goes out. */
  readonly uploaded: Construct;

  constructor(scope: Construct, id: string, props: { stage: Stage; web: StagedWeb }) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Bucket', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      // Whatever lies there comes from the repository.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const [hashed, plain] = [
      this.assetOf('HashedFiles', props.web.hashed),
      this.assetOf('PlainFiles', props.web.plain),
    ];
    const [role, logGroup] = this.mayUpload(props.stage, [hashed, plain]);
    const upload = (what: string, from: Asset, cacheControl: CacheControl): Construct => {
      const deployment = new BucketDeployment(this, what, {
        sources: [Source.bucket(from.bucket, from.s3ObjectKey)],
        destinationBucket: this.bucket,
        cacheControl: [cacheControl],
        // Who has an older page open goes on with its files.
        prune: false,
        retainOnDelete: true,
        memoryLimit: 512,
        // Else it would be given wildcards.
        role: role.withoutPolicyUpdates(),
        logGroup,
      });
      deployment.node.addDependency(role);
      return deployment;
    };
    this.uploaded = upload('Hashed', hashed, KEPT_FOR_GOOD);
    upload('Plain', plain, KEPT_FOR_MINUTES);
    this.sayWhatIsMeant(role);
  }

  private assetOf(id: string, path: string): Asset {
    return new Asset(this, id, { path });
  }

  /** What CDK's own function that copies the files may: read those two archives, and put what is in them here. */
  private mayUpload(stage: Stage, from: readonly Asset[]): [Role, LogGroup] {
    const logGroup = new LogGroup(this, 'Log', { retention: stage.logRetention, removalPolicy: RemovalPolicy.DESTROY });
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    const allow = (actions: string[], resources: string[]) =>
      role.addToPolicy(new PolicyStatement({ actions, resources }));
    allow(
      ['s3:GetObject'],
      from.map(({ bucket, s3ObjectKey }) => bucket.arnForObjects(s3ObjectKey)),
    );
    allow(['s3:ListBucket', 's3:GetBucketLocation'], [this.bucket.bucketArn]);
    allow(['s3:GetObject', 's3:PutObject'], [this.bucket.arnForObjects('*')]);
    logGroup.grantWrite(role);
    return [role, logGroup];
  }

  private sayWhatIsMeant(role: Role): void {
    meant(this.bucket, { 'AwsSolutions-S1': 'It holds what everybody may load; the edge says how often' });
    const bucket = Stack.of(this).getLogicalId(this.bucket.node.defaultChild as CfnBucket);
    meant(role, { [`AwsSolutions-IAM5[Resource::<${bucket}.Arn>/*]`]: 'Files are named by their content' });
    const copier = Stack.of(this).node.children.find(({ node }) => node.id.startsWith('Custom::CDKBucketDeployment'));
    if (copier === undefined) return;
    const why = 'CDK’s own function; it runs while a deployment does';
    meant(copier, {
      'AwsSolutions-L1': why,
      'Serverless-LambdaLatestVersion': why,
      'Serverless-LambdaTracing': why,
      'Serverless-LambdaDLQ': why,
    });
  }
}
