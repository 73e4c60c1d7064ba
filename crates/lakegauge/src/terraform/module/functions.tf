locals {
  lambda_zip = coalesce(var.lambda_zip, "${path.module}/lakegauge-lambda.zip")

  environment = {
    LAKEGAUGE_STATE     = "s3://${local.state_bucket}/${var.state_prefix}"
    LAKEGAUGE_NAMING    = local.naming
    LAKEGAUGE_NAMESPACE = local.namespace
    LAKEGAUGE_LOG       = var.log_level
  }
}

# Called at every deadline and at every tick.
resource "aws_lambda_function" "schedule" {
  #checkov:skip=CKV_AWS_115:a reservation fails in accounts with the initial quota of 10, and the schedules bound how much runs
  #checkov:skip=CKV_AWS_117:it speaks to S3 and CloudWatch alone; a VPC would add an endpoint for each
  #checkov:skip=CKV_AWS_173:nothing in its settings is secret; var.kms_key_arn brings a key
  #checkov:skip=CKV_AWS_272:the zip is pinned by its hash; signing needs a profile of the account
  #checkov:skip=CKV_AWS_50:its log has the evidence of every verdict
  function_name    = "${var.name}-schedule"
  description      = "Judges the partitions of the lake when they are due"
  role             = aws_iam_role.schedule.arn
  filename         = local.lambda_zip
  source_code_hash = filebase64sha256(local.lambda_zip)
  runtime          = "provided.al2023"
  handler          = "schedule"
  architectures    = [var.architecture]
  memory_size      = var.memory_mb
  timeout          = 300
  kms_key_arn      = var.kms_key_arn

  environment {
    variables = local.environment
  }

  dead_letter_config {
    target_arn = aws_sqs_queue.dead.arn
  }

  logging_config {
    log_format = "Text"
    log_group  = aws_cloudwatch_log_group.schedule.name
  }

  depends_on = [aws_iam_role_policy.schedule]
}

# Called with what S3 says of new objects, in batches out of the queue.
resource "aws_lambda_function" "objects" {
  #checkov:skip=CKV_AWS_115:the mapping's maximum concurrency bounds it without taking from the account's quota
  #checkov:skip=CKV_AWS_116:what fails goes back to the queue, whose redrive leads to the dead-letter queue
  #checkov:skip=CKV_AWS_117:it speaks to S3, SQS and CloudWatch alone; a VPC would add an endpoint for each
  #checkov:skip=CKV_AWS_173:nothing in its settings is secret; var.kms_key_arn brings a key
  #checkov:skip=CKV_AWS_272:the zip is pinned by its hash; signing needs a profile of the account
  #checkov:skip=CKV_AWS_50:its log has the evidence of every verdict
  function_name    = "${var.name}-objects"
  description      = "Judges the partitions of the lake when their objects land"
  role             = aws_iam_role.objects.arn
  filename         = local.lambda_zip
  source_code_hash = filebase64sha256(local.lambda_zip)
  runtime          = "provided.al2023"
  handler          = "objects"
  architectures    = [var.architecture]
  memory_size      = var.memory_mb
  timeout          = 120
  kms_key_arn      = var.kms_key_arn

  environment {
    variables = local.environment
  }

  logging_config {
    log_format = "Text"
    log_group  = aws_cloudwatch_log_group.objects.name
  }

  depends_on = [aws_iam_role_policy.objects]
}

resource "aws_cloudwatch_log_group" "schedule" {
  #checkov:skip=CKV_AWS_158:logs name objects and sizes, no content; var.kms_key_arn brings a key
  #checkov:skip=CKV_AWS_338:var.log_retention_days is 400 unless it is set
  name              = "/aws/lambda/${var.name}-schedule"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.kms_key_arn
}

resource "aws_cloudwatch_log_group" "objects" {
  #checkov:skip=CKV_AWS_158:logs name objects and sizes, no content; var.kms_key_arn brings a key
  #checkov:skip=CKV_AWS_338:var.log_retention_days is 400 unless it is set
  name              = "/aws/lambda/${var.name}-objects"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.kms_key_arn
}
