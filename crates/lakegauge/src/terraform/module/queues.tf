# S3 events wait here.
resource "aws_sqs_queue" "objects" {
  name                       = "${var.name}-objects"
  visibility_timeout_seconds = 750 # six times the function's timeout and the batching window, as Lambda's guide recommends
  message_retention_seconds  = 345600
  receive_wait_time_seconds  = 20
  sqs_managed_sse_enabled    = var.kms_key_arn == null ? true : null
  kms_master_key_id          = var.kms_key_arn

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead.arn
    maxReceiveCount     = 5
  })
}

# Failed messages are kept here for inspection. An alarm fires when there are any.
resource "aws_sqs_queue" "dead" {
  name                      = "${var.name}-dead"
  message_retention_seconds = 1209600
  sqs_managed_sse_enabled   = var.kms_key_arn == null ? true : null
  kms_master_key_id         = var.kms_key_arn
}

resource "aws_sqs_queue_redrive_allow_policy" "dead" {
  queue_url = aws_sqs_queue.dead.id

  redrive_allow_policy = jsonencode({
    redrivePermission = "byQueue"
    sourceQueueArns   = [aws_sqs_queue.objects.arn]
  })
}

resource "aws_lambda_event_source_mapping" "objects" {
  event_source_arn                   = aws_sqs_queue.objects.arn
  function_name                      = aws_lambda_function.function["objects"].arn
  function_response_types            = ["ReportBatchItemFailures"]
  batch_size                         = 1000
  maximum_batching_window_in_seconds = 30

  scaling_config {
    maximum_concurrency = 2
  }
}

resource "aws_sqs_queue_policy" "senders" {
  for_each = local.queue_senders

  queue_url = each.key == "objects" ? aws_sqs_queue.objects.id : aws_sqs_queue.dead.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Send"
      Effect    = "Allow"
      Principal = { Service = each.value.service }
      Action    = "sqs:SendMessage"
      Resource  = each.key == "objects" ? aws_sqs_queue.objects.arn : aws_sqs_queue.dead.arn
      Condition = each.value.condition
    }]
  })
}
