/**
 * What looks at every template before it leaves, beside CDK's own validation (`cdk.json` makes an error of each of its
 * findings): the rules of AWS Solutions and of Serverless. A finding fails the synthesis. What is meant to be otherwise is
 * said where it is made, with its reason.
 */
import { type App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import type { IConstruct } from 'constructs';

export function check(app: App): void {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
}

/**
 * Says of what is below a construct that a rule's finding is meant, and why: `reasons` by rule, such as `AwsSolutions-IAM5[…]`
 * or `Serverless-LambdaDLQ`.
 */
export function meant(scope: IConstruct, reasons: Readonly<Record<string, string>>): void {
  const all = Object.entries(reasons).map(([rule, reason]) => ({ id: `${rule.split('-', 1)[0]}::${rule}`, reason }));
  Validations.of(scope).acknowledge(...all);
}
