# One zip, one binary: the handler's name says which function it is.
locals {
  lambda_zip = coalesce(var.lambda_zip, "${path.module}/lakegauge-lambda.zip")

  watch = ["ListDatasets", "ListState", "ReadConfig", "KeepState", "PostMetrics"]

  functions = merge(local.remedy_function, {
    # Called at every deadline and at every tick.
    schedule = {
      description  = "Judges the partitions of the lake when they are due"
      timeout      = 300
      dead_letters = [aws_sqs_queue.dead.arn]
      environment  = {}
      rights       = concat(local.watch, ["KeepDeadLetters"])
      own_rights   = {}
    }
    # Called with what S3 says of new objects, in batches out of the queue. What fails goes back to it.
    objects = {
      description  = "Judges the partitions of the lake when their objects land"
      timeout      = 120
      dead_letters = []
      environment  = {}
      rights       = concat(local.watch, ["TakeMessages"])
      own_rights   = {}
    }
  })
}

resource "aws_lambda_function" "function" {
  #checkov:skip=CKV_AWS_115:a reservation fails in accounts with the initial quota of 10; schedules and the queue's mapping bound how much runs
  #checkov:skip=CKV_AWS_116:what fails goes to the dead-letter queue, of objects by the queue's redrive
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

  dynamic "dead_letter_config" {
    for_each = each.value.dead_letters

    content {
      target_arn = dead_letter_config.value
    }
  }

  logging_config {
    log_format = "Text"
    log_group  = aws_cloudwatch_log_group.function[each.key].name
  }

  # Lambda asks at once whether it may use the dead-letter queue.
  depends_on = [aws_iam_role_policy.function]
}

resource "aws_cloudwatch_log_group" "function" {
  #checkov:skip=CKV_AWS_158:logs name objects and sizes, no content; var.kms_key_arn brings a key
  #checkov:skip=CKV_AWS_338:var.log_retention_days is 400 unless it is set
  for_each = local.functions

  name              = "/aws/lambda/${var.name}-${each.key}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.kms_key_arn
}
