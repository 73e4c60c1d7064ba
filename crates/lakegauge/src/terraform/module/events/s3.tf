# New objects reach the queue through the bucket's own notifications. This resource manages all of them: notifications
# to other destinations must be listed here too.
resource "aws_s3_bucket_notification" "lake" {
  bucket = local.lake_bucket

  dynamic "queue" {
    for_each = local.event_prefixes

    content {
      queue_arn = aws_sqs_queue.objects.arn
      events    = ["s3:ObjectCreated:*"]
      # S3 compares it with the encoded key: region=eu/ is region%3Deu/ here, and a space is a plus.
      filter_prefix = replace(urlencode(queue.value), "%2F", "/")
    }
  }

  depends_on = [aws_sqs_queue_policy.senders]
}

locals {
  # Who else may send messages to which queue, and on whose behalf.
  queue_senders = {
    objects = {
      service = "s3.amazonaws.com"
      # A bucket's ARN does not contain the account.
      condition = {
        ArnLike      = { "aws:SourceArn" = local.lake_arn }
        StringEquals = { "aws:SourceAccount" = local.account }
      }
    }
  }
}
