# The permissions of each function: what it calls, and nothing else.
locals {
  lake_arn  = "arn:${data.aws_partition.current.partition}:s3:::${local.lake_bucket}"
  state_arn = "arn:${data.aws_partition.current.partition}:s3:::${local.state_bucket}"

  # In a policy, `*`, `?` and `$` are literal inside `${}`.
  plain_prefixes = [for prefix in local.lake_prefixes : replace(replace(replace(prefix, "$", "$${$}"), "*", "$${*}"), "?", "$${?}")]

  # Every permission of lakegauge's functions, by name. Writing its own log is added below.
  right = {
    ListDatasets = {
      Action    = ["s3:ListBucket"]
      Resource  = [local.lake_arn]
      Condition = { StringLike = { "s3:prefix" = [for prefix in local.plain_prefixes : "${prefix}*"] } }
    }
    # Without permission to list, S3 answers "forbidden" for a missing state object; such a request has no prefix.
    ListState = {
      Action    = ["s3:ListBucket"]
      Resource  = [local.state_arn]
      Condition = { StringLikeIfExists = { "s3:prefix" = ["${var.state_prefix}/*"] } }
    }
    ReadConfig = {
      Action   = ["s3:GetObject"]
      Resource = ["${local.state_arn}/${var.state_prefix}/config/*"]
    }
    KeepState = {
      Action   = ["s3:GetObject", "s3:PutObject"]
      Resource = ["${local.state_arn}/${var.state_prefix}/state/*"]
    }
    PostMetrics = {
      Action    = ["cloudwatch:PutMetricData"]
      Resource  = ["*"]
      Condition = { StringEquals = { "cloudwatch:namespace" = local.namespace } }
    }
    TakeMessages = {
      Action   = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
      Resource = [aws_sqs_queue.objects.arn]
    }
    KeepDeadLetters = {
      Action   = ["sqs:SendMessage"]
      Resource = [aws_sqs_queue.dead.arn]
    }
    UseKey = {
      Action   = ["kms:Decrypt", "kms:GenerateDataKey"]
      Resource = [var.kms_key_arn]
    }
  }

  # If there is a customer-managed key, all of them use it.
  use_key = var.kms_key_arn == null ? [] : ["UseKey"]

  assumed_by = { for service in ["lambda", "scheduler"] : service => jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "${service}.amazonaws.com" }
      Condition = service == "scheduler" ? { StringEquals = { "aws:SourceAccount" = local.account } } : {}
    }]
  }) }
}

resource "aws_iam_role" "function" {
  for_each = local.functions

  name               = "${var.name}-${each.key}-${local.region}"
  description        = "Permissions of lakegauge's ${each.key} function"
  assume_role_policy = local.assumed_by.lambda
}

resource "aws_iam_role_policy" "function" {
  for_each = local.functions

  name = "watch"
  role = aws_iam_role.function[each.key].id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [for name in concat(each.value.rights, local.use_key) : merge({ Sid = name, Effect = "Allow" }, local.right[name])],
      [for name, right in each.value.own_rights : merge({ Sid = name, Effect = "Allow" }, right)],
      [{
        Sid      = "WriteLog"
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = ["${aws_cloudwatch_log_group.function[each.key].arn}:*"]
      }],
    )
  })
}

resource "aws_iam_role" "scheduler" {
  name               = "${var.name}-scheduler-${local.region}"
  description        = "Lets EventBridge Scheduler call lakegauge"
  assume_role_policy = local.assumed_by.scheduler
}

resource "aws_iam_role_policy" "scheduler" {
  name = "call"
  role = aws_iam_role.scheduler.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [for name in concat(["KeepDeadLetters"], local.use_key) : merge({ Sid = name, Effect = "Allow" }, local.right[name])],
      [{
        Sid      = "Call"
        Effect   = "Allow"
        Action   = ["lambda:InvokeFunction"]
        Resource = [aws_lambda_function.function["schedule"].arn, aws_lambda_alias.tick["schedule"].arn]
      }],
    )
  })
}
