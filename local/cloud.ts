import { CloudFormationClient } from '@aws-sdk/client-cloudformation'
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch'
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import { LambdaClient } from '@aws-sdk/client-lambda'
import { S3Client } from '@aws-sdk/client-s3'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { SQSClient } from '@aws-sdk/client-sqs'

/** The variables with which AWS tools reach the local AWS. */
export function cloudEnvironment(awsEndpoint: string): Record<string, string> {
  const { AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = process.env
  return {
    AWS_ENDPOINT_URL: awsEndpoint,
    AWS_REGION: AWS_REGION ?? 'eu-central-1',
    AWS_ACCESS_KEY_ID: AWS_ACCESS_KEY_ID ?? 'test',
    AWS_SECRET_ACCESS_KEY: AWS_SECRET_ACCESS_KEY ?? 'test',
  }
}

export type Cloud = ReturnType<typeof connectCloud>

/** The local stack's AWS clients. */
export function connectCloud(awsEndpoint: string) {
  const environment = cloudEnvironment(awsEndpoint)
  const config = {
    endpoint: awsEndpoint,
    region: environment['AWS_REGION'] ?? '',
    credentials: {
      accessKeyId: environment['AWS_ACCESS_KEY_ID'] ?? '',
      secretAccessKey: environment['AWS_SECRET_ACCESS_KEY'] ?? '',
    },
  }
  return {
    cloudFormation: new CloudFormationClient(config),
    cloudWatch: new CloudWatchClient(config),
    dynamoDb: new DynamoDBClient(config),
    eventBridge: new EventBridgeClient(config),
    // A drain answers at its end, after up to a minute.
    lambda: new LambdaClient({
      ...config,
      requestHandler: { requestTimeout: 90_000 },
      maxAttempts: 1,
    }),
    logs: new CloudWatchLogsClient(config),
    s3: new S3Client({ ...config, forcePathStyle: true }),
    secrets: new SecretsManagerClient(config),
    sqs: new SQSClient(config),
  }
}
