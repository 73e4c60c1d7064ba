# New objects reach the queue through EventBridge, which leaves the bucket's other notifications unchanged. The bucket
# must be set to send its events to EventBridge once: var.lake_notifications does so here.
resource "aws_s3_bucket_notification" "lake" {
  count = var.lake_notifications ? 1 : 0

  bucket      = local.lake_bucket
  eventbridge = true
}

resource "aws_cloudwatch_event_rule" "objects" {
  for_each = local.datasets

  # The full stop, which no other rule has at that place, distinguishes these rules from the remedies' and other
  # deployments'.
  name        = "${var.name}.${each.value.slug}"
  description = "New objects of ${each.key}"

  event_pattern = jsonencode({
    source      = ["aws.s3"]
    detail-type = ["Object Created"]
    detail = {
      bucket = { name = [local.lake_bucket] }
      object = { key = [{ prefix = each.value.prefix }] }
    }
  })
}

resource "aws_cloudwatch_event_target" "objects" {
  for_each = local.datasets

  rule = aws_cloudwatch_event_rule.objects[each.key].name
  arn  = aws_sqs_queue.objects.arn

  dead_letter_config {
    arn = aws_sqs_queue.dead.arn
  }
}

locals {
  # The rule's ARN contains the account; EventBridge's own queue policies have no `aws:SourceAccount` either.
  rules = {
    service   = "events.amazonaws.com"
    condition = { ArnLike = { "aws:SourceArn" = "arn:${data.aws_partition.current.partition}:events:${local.region}:${local.account}:rule/${var.name}.*" } }
  }

  # Who else may send messages to which queue, and on whose behalf.
  queue_senders = { objects = local.rules, dead = local.rules }
}
