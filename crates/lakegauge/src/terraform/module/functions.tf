# One zip, one binary: the name of the handler selects the function.
locals {
  lambda_zip = coalesce(var.lambda_zip, "${path.module}/lakegauge-lambda.zip")

  watch = ["ListDatasets", "ListState", "ReadConfig", "KeepState", "PostMetrics"]

  functions = merge(local.remedy_function, {
    # Called at every deadline and at every tick.
    schedule = {
      description = "Judges the partitions of the lake when they are due"
      timeout     = 300
      ticks       = true
      environment = {}
      rights      = concat(local.watch, ["KeepDeadLetters"])
      own_rights  = {}
    }
    # Called with S3 events, in batches from the queue. What fails is returned to it.
    objects = {
      description = "Judges the partitions of the lake when their objects land"
      timeout     = 120
      ticks       = false
      environment = {}
      rights      = concat(local.watch, ["TakeMessages"])
      own_rights  = {}
    }
  })

  # Functions that are called every quarter of an hour, besides other calls.
  ticking = toset([for name, function in local.functions : name if function.ticks])
}

resource "aws_lambda_function" "function" {
  #checkov:skip=CKV_AWS_115:a reservation fails in accounts with the initial quota of 10; schedules and the queue's mapping limit the concurrency
  #checkov:skip=CKV_AWS_116:failed calls go to the dead-letter queue: see the event invoke configs below, and the queue's redrive policy
  #checkov:skip=CKV_AWS_117:it only calls AWS services; a VPC would need an endpoint for each
  #checkov:skip=CKV_AWS_173:its settings are not secret; var.kms_key_arn sets a key
  #checkov:skip=CKV_AWS_272:the zip is pinned by its hash; signing needs a profile in the account
  #checkov:skip=CKV_AWS_50:its log contains the evidence of every verdict
  for_each = local.functions

  function_name    = "${var.name}-${each.key}"
  description      = each.value.description
  role             = aws_iam_role.function[each.key].arn
  filename         = local.lambda_zip
  source_code_hash = filebase64sha256(local.lambda_zip)
  runtime          = "provided.al2023"
  handler          = each.key
  architectures    = [var.architecture]
  memory_size      = var.memory_mb
  timeout          = each.value.timeout
  kms_key_arn      = var.kms_key_arn

  environment {
    variables = merge(each.value.environment, {
      LAKEGAUGE_STATE      = "s3://${local.state_bucket}/${var.state_prefix}"
      LAKEGAUGE_DEPLOYMENT = var.name
      LAKEGAUGE_NAMING     = local.naming
      LAKEGAUGE_NAMESPACE  = local.namespace
      LAKEGAUGE_LOG        = var.log_level
    })
  }

  logging_config {
    log_format = "Text"
    log_group  = aws_cloudwatch_log_group.function[each.key].name
  }

  # No call before the permissions exist.
  depends_on = [aws_iam_role_policy.function]
}

# Calls at deadlines and by alarms come once: failed ones are retried twice, and then kept for inspection.
resource "aws_lambda_function_event_invoke_config" "once" {
  for_each = local.ticking

  function_name          = aws_lambda_function.function[each.key].function_name
  maximum_retry_attempts = 2

  destination_config {
    on_failure {
      destination = aws_sqs_queue.dead.arn
    }
  }
}

# Ticks have their own alias, because the next tick does what this one could not: they are neither retried nor kept,
# and failures show up in the alarm on the function's errors.
resource "aws_lambda_alias" "tick" {
  for_each = local.ticking

  name             = "tick"
  description      = "The same function, called every quarter of an hour"
  function_name    = aws_lambda_function.function[each.key].function_name
  function_version = "$LATEST"
}

resource "aws_lambda_function_event_invoke_config" "tick" {
  for_each = local.ticking

  function_name                = aws_lambda_function.function[each.key].function_name
  qualifier                    = aws_lambda_alias.tick[each.key].name
  maximum_event_age_in_seconds = 900
  maximum_retry_attempts       = 0
}

resource "aws_cloudwatch_log_group" "function" {
  #checkov:skip=CKV_AWS_158:logs contain names and sizes, no content; var.kms_key_arn sets a key
  #checkov:skip=CKV_AWS_338:var.log_retention_days is 400 by default
  for_each = local.functions

  name              = "/aws/lambda/${var.name}-${each.key}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.kms_key_arn
}
