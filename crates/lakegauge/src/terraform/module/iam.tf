# What each function may do: what it calls, and nothing else.
locals {
  lake_arn  = "arn:${data.aws_partition.current.partition}:s3:::${local.lake_bucket}"
  state_arn = "arn:${data.aws_partition.current.partition}:s3:::${local.state_bucket}"

  watch = [
    {
      Sid       = "ListDatasets"
      Effect    = "Allow"
      Action    = ["s3:ListBucket"]
      Resource  = [local.lake_arn]
      Condition = { StringLike = { "s3:prefix" = [for prefix in local.lake_prefixes : "${prefix}*"] } }
    },
    {
      # Without the right to list, S3 says "forbidden" of a state that is not there yet; such a question names no prefix.
      Sid       = "ListState"
      Effect    = "Allow"
      Action    = ["s3:ListBucket"]
      Resource  = [local.state_arn]
      Condition = { StringLikeIfExists = { "s3:prefix" = ["${var.state_prefix}/*"] } }
    },
    {
      Sid      = "ReadConfig"
      Effect   = "Allow"
      Action   = ["s3:GetObject"]
      Resource = ["${local.state_arn}/${var.state_prefix}/config/*"]
    },
    {
      Sid      = "KeepState"
      Effect   = "Allow"
      Action   = ["s3:GetObject", "s3:PutObject"]
      Resource = ["${local.state_arn}/${var.state_prefix}/state/*"]
    },
    {
      Sid       = "PostMetrics"
      Effect    = "Allow"
      Action    = ["cloudwatch:PutMetricData"]
      Resource  = ["*"]
      Condition = { StringEquals = { "cloudwatch:namespace" = local.namespace } }
    },
  ]

  use_key = var.kms_key_arn == null ? [] : [{
    Sid      = "UseKey"
    Effect   = "Allow"
    Action   = ["kms:Decrypt", "kms:GenerateDataKey"]
    Resource = [var.kms_key_arn]
  }]

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

resource "aws_iam_role" "schedule" {
  name               = "${var.name}-schedule-${local.region}"
  description        = "What the schedule function of lakegauge may do"
  assume_role_policy = local.assumed_by.lambda
}

resource "aws_iam_role_policy" "schedule" {
  name = "watch"
  role = aws_iam_role.schedule.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(local.watch, local.use_key, [
      {
        Sid      = "WriteLog"
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = ["${aws_cloudwatch_log_group.schedule.arn}:*"]
      },
      {
        Sid      = "KeepDeadLetters"
        Effect   = "Allow"
        Action   = ["sqs:SendMessage"]
        Resource = [aws_sqs_queue.dead.arn]
      },
    ])
  })
}

resource "aws_iam_role" "objects" {
  name               = "${var.name}-objects-${local.region}"
  description        = "What the objects function of lakegauge may do"
  assume_role_policy = local.assumed_by.lambda
}

resource "aws_iam_role_policy" "objects" {
  name = "watch"
  role = aws_iam_role.objects.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(local.watch, local.use_key, [
      {
        Sid      = "WriteLog"
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = ["${aws_cloudwatch_log_group.objects.arn}:*"]
      },
      {
        Sid      = "TakeMessages"
        Effect   = "Allow"
        Action   = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
        Resource = [aws_sqs_queue.objects.arn]
      },
    ])
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
    Statement = concat(local.use_key, [
      {
        Sid      = "Call"
        Effect   = "Allow"
        Action   = ["lambda:InvokeFunction"]
        Resource = [aws_lambda_function.schedule.arn]
      },
      {
        Sid      = "KeepDeadLetters"
        Effect   = "Allow"
        Action   = ["sqs:SendMessage"]
        Resource = [aws_sqs_queue.dead.arn]
      },
    ])
  })
}
