/**
 * The one name that people and programs use: CloudFront before the files, the pages and the API. What it adds to each answer,
 * what it says to the API of a call, and the domain where the stage has one.
 */
import { Duration, Fn, RemovalPolicy, SecretValue, Stack } from 'aws-cdk-lib';
import { Certificate, CertificateValidation, type ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  AllowedMethods,
  type BehaviorOptions,
  CachePolicy,
  Distribution,
  Function as EdgeFunction,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  HeadersFrameOption,
  HeadersReferrerPolicy,
  HttpVersion,
  type IOrigin,
  OriginProtocolPolicy,
  OriginRequestCookieBehavior,
  OriginRequestHeaderBehavior,
  OriginRequestPolicy,
  OriginRequestQueryStringBehavior,
  OriginSslPolicy,
  ResponseHeadersPolicy,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { FunctionUrlOrigin, HttpOrigin, S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import type { IFunctionUrl } from 'aws-cdk-lib/aws-lambda';
import { CfnDelivery, CfnDeliveryDestination, CfnDeliverySource, LogGroup } from 'aws-cdk-lib/aws-logs';
import { AaaaRecord, ARecord, HostedZone, type IHostedZone, RecordTarget } from 'aws-cdk-lib/aws-route53';
import { CloudFrontTarget } from 'aws-cdk-lib/aws-route53-targets';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { meant } from './checks.ts';
import { originSecretName, type Stage } from './stage.ts';

/** Set on each call to the API, over whatever a caller sent; see `functions/middleware/edge.ts`. */
export const ORIGIN_HEADER = 'parley-origin';
const VIEWER_HEADER = 'parley-viewer';

/** Where the API answers. Whatever of these nobody serves gets the API's own problem. */
const API_PATHS = ['/v1/*', '/auth/*', '/mcp', '/healthz'];
/** Answers that CloudFront would keep for ten seconds, and give to whoever comes next. */
const ERRORS = [404, 405, 414, 500, 501, 502, 503, 504];

/** Of each request: what it was and how it ended. Never its path, where a customer's link may stand, nor whose it was. */
const LOGGED = [
  'date',
  'time',
  'x-edge-request-id',
  'x-edge-location',
  'cs-method',
  'sc-status',
  'sc-bytes',
  'time-taken',
  'time-to-first-byte',
  'x-edge-result-type',
  'x-edge-detailed-result-type',
  'sc-content-type',
  'cs-protocol-version',
  'ssl-protocol',
];

export type FrontDoorProps = {
  stage: Stage;
  files: Bucket;
  /** The patterns of paths that files answer. */
  filePaths: readonly string[];
  pages: IFunctionUrl;
  apiId: string;
  firewallArn: string;
};

export class FrontDoor extends Construct {
  readonly distribution: Distribution;
  private readonly props: FrontDoorProps;
  /** Read, not kept: a page is everybody's own. */
  private readonly pages: BehaviorOptions;

  constructor(scope: Construct, id: string, props: FrontDoorProps) {
    super(scope, id);
    this.props = props;
    const { stage } = props;
    const responseHeadersPolicy = this.secureHeaders();
    const always = {
      responseHeadersPolicy,
      viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
      compress: true,
    };
    this.pages = {
      ...always,
      origin: FunctionUrlOrigin.withOriginAccessControl(props.pages),
      cachePolicy: CachePolicy.CACHING_DISABLED,
    };
    const files: BehaviorOptions = {
      ...always,
      origin: S3BucketOrigin.withOriginAccessControl(props.files),
      cachePolicy: CachePolicy.CACHING_OPTIMIZED,
    };
    const api = { ...always, ...this.toTheApi() };
    const zone = this.zone();
    const certificate = this.certificate(zone);
    this.distribution = new Distribution(this, 'Distribution', {
      comment: `Parley ${stage.name}`,
      defaultBehavior: this.pages,
      // Files first: the API's description lies among them, below the API's paths.
      additionalBehaviors: {
        ...Object.fromEntries(props.filePaths.map((path) => [path, files])),
        ...Object.fromEntries(API_PATHS.map((path) => [path, api])),
      },
      errorResponses: ERRORS.map((httpStatus) => ({ httpStatus, ttl: Duration.seconds(0) })),
      webAclId: props.firewallArn,
      httpVersion: HttpVersion.HTTP2_AND_3,
      ...(stage.domain === undefined || certificate === undefined
        ? {}
        : {
            domainNames: [stage.domain],
            certificate,
            minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
          }),
    });
    if (zone !== undefined && stage.domain !== undefined) this.addRecords(zone, stage.domain);
    this.log();
    meant(this.distribution, {
      'AwsSolutions-CFR1': 'The market is for everybody',
      'AwsSolutions-CFR3':
        'The older logs have every path, and in some stands a customer’s link; the newer ones are on, without',
      ...(stage.domain === undefined
        ? {
            'AwsSolutions-CFR4':
              'A stage without a domain has CloudFront’s own certificate, which decides; none for real work',
          }
        : {}),
    });
  }

  /** The API at its own address, with what makes it answer: the secret of this stage, and who calls. */
  private toTheApi(): BehaviorOptions {
    const { stage, apiId } = this.props;
    const name = originSecretName(stage.name);
    const secret = SecretValue.secretsManager(name, {
      jsonField: 'current',
      ...(stage.originVersion === undefined ? {} : { versionId: stage.originVersion }),
    });
    const origin: IOrigin = new HttpOrigin(`${apiId}.execute-api.${stage.region}.${Stack.of(this).urlSuffix}`, {
      protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY,
      originSslProtocols: [OriginSslPolicy.TLS_V1_2],
      // Longer than any function behind the API may take.
      readTimeout: Duration.seconds(30),
      // Resolved as it is deployed: neither the template nor a log has it.
      customHeaders: { [ORIGIN_HEADER]: secret.unsafeUnwrap() },
    });
    return {
      origin,
      // A program that calls without TLS has sent its key in clear: it is not helped on.
      viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
      allowedMethods: AllowedMethods.ALLOW_ALL,
      cachePolicy: CachePolicy.CACHING_DISABLED,
      // All that a caller sends, but the name: by that one the gateway finds its API.
      originRequestPolicy: new OriginRequestPolicy(this, 'ToTheApi', {
        originRequestPolicyName: `parley-${stage.name}-to-the-api`,
        headerBehavior: OriginRequestHeaderBehavior.denyList('host'),
        queryStringBehavior: OriginRequestQueryStringBehavior.all(),
        cookieBehavior: OriginRequestCookieBehavior.all(),
      }),
      functionAssociations: [{ eventType: FunctionEventType.VIEWER_REQUEST, function: this.sayWhoCalls() }],
    };
  }

  /** The gateway sees the edge's address; limits of calls without a login go by the caller's. */
  private sayWhoCalls(): EdgeFunction {
    return new EdgeFunction(this, 'Viewer', {
      functionName: `parley-${this.props.stage.name}-viewer`,
      runtime: FunctionRuntime.JS_2_0,
      code: FunctionCode.fromInline(
        `function handler(event) { event.request.headers['${VIEWER_HEADER}'] = { value: event.viewer.ip }; return event.request; }`,
      ),
    });
  }

  /** What every answer has; the pages' own policies stay as they are. */
  private secureHeaders(): ResponseHeadersPolicy {
    return new ResponseHeadersPolicy(this, 'Secure', {
      responseHeadersPolicyName: `parley-${this.props.stage.name}-secure`,
      securityHeadersBehavior: {
        // Of this name alone: what else stands below it is not the market's.
        strictTransportSecurity: { accessControlMaxAge: Duration.days(365), includeSubdomains: false, override: true },
        contentTypeOptions: { override: true },
        frameOptions: { frameOption: HeadersFrameOption.DENY, override: true },
        referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override: true },
        contentSecurityPolicy: { contentSecurityPolicy: "default-src 'none'; frame-ancestors 'none'", override: false },
      },
    });
  }

  private zone(): IHostedZone | undefined {
    const { domain, zoneId, zoneName } = this.props.stage;
    if (domain === undefined || zoneId === undefined) return undefined;
    return HostedZone.fromHostedZoneAttributes(this, 'Zone', { hostedZoneId: zoneId, zoneName: zoneName ?? domain });
  }

  private certificate(zone: IHostedZone | undefined): ICertificate | undefined {
    const { domain, certificateArn } = this.props.stage;
    if (certificateArn !== undefined) return Certificate.fromCertificateArn(this, 'Certificate', certificateArn);
    if (domain === undefined || zone === undefined) return undefined;
    return new Certificate(this, 'Certificate', {
      domainName: domain,
      validation: CertificateValidation.fromDns(zone),
    });
  }

  private addRecords(zone: IHostedZone, domain: string): void {
    const target = RecordTarget.fromAlias(new CloudFrontTarget(this.distribution));
    new ARecord(this, 'Ipv4', { zone, recordName: `${domain}.`, target });
    new AaaaRecord(this, 'Ipv6', { zone, recordName: `${domain}.`, target });
  }

  /** CloudFront's older logs always have the path; of these the fields are chosen. */
  private log(): void {
    const { stage } = this.props;
    const name = `parley-${stage.name}-edge`;
    const group = new LogGroup(this, 'Log', {
      logGroupName: `/aws/vendedlogs/${name}`,
      retention: stage.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const source = new CfnDeliverySource(this, 'LogSource', {
      name,
      logType: 'ACCESS_LOGS',
      resourceArn: this.distribution.distributionArn,
    });
    const destination = new CfnDeliveryDestination(this, 'LogDestination', {
      name,
      destinationResourceArn: Fn.select(0, Fn.split(':*', group.logGroupArn)),
      outputFormat: 'json',
    });
    const delivery = new CfnDelivery(this, 'LogDelivery', {
      deliverySourceName: source.name,
      deliveryDestinationArn: destination.attrArn,
      recordFields: LOGGED,
    });
    delivery.addResourceDependency(source);
  }
}
