# One zip, one binary: the handler's name says which function it is.
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
    # Called with what S3 says of new objects, in batches out of the queue. What fails goes back to it.
    objects = {
      description = "Judges the partitions of the lake when their objects land"
      timeout     = 120
      ticks       = false
      environment = {}
      rights      = concat(local.watch, ["TakeMessages"])
      own_rights  = {}
    }
  })

  # Functions that are called every quarter of an hour, and besides when something has come.
  ticking = toset([for name, function in local.functions : name if function.ticks])
}

resource "aws_lambda_function" "function" {
  #checkov:skip=CKV_AWS_115:a reservation fails in accounts with the initial quota of 10; schedules and the queue's mapping bound how much runs
  #checkov:skip=CKV_AWS_116:what fails goes to the dead-letter queue by the configs of asynchronous calls below, of objects by the queue's redrive
  #checkov:skip=CKV_AWS_117:it speaks to services of AWS alone; a VPC would add an endpoint for each
  #checkov:skip=CKV_AWS_173:nothing in its settings is secret; var.kms_key_arn brings a key
  #checkov:skip=CKV_AWS_272:the zip is pinned by its hash; signing needs a profile of the account
  #checkov:skip=CKV_AWS_50:its log has the evidence of every verdict
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

  # No call before it has its rights.
  depends_on = [aws_iam_role_policy.function]
}

# Deadlines and alarms come once: what fails is tried twice more, and then kept for somebody to look at.
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

# A tick is called by a name of its own, because the next one does what it could not: none is tried again, none is kept, and
# the alarm on the function's errors says that they fail.
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
  #checkov:skip=CKV_AWS_158:logs name objects and sizes, no content; var.kms_key_arn brings a key
  #checkov:skip=CKV_AWS_338:var.log_retention_days is 400 unless it is set
  for_each = local.functions

  name              = "/aws/lambda/${var.name}-${each.key}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.kms_key_arn
}
