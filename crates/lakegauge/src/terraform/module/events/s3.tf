# New objects reach the queue by the bucket's own notifications. This resource owns all of them: what the bucket sends
# elsewhere has to stand here too.
resource "aws_s3_bucket_notification" "lake" {
  bucket = local.lake_bucket

  dynamic "queue" {
    for_each = local.lake_prefixes

    content {
      queue_arn     = aws_sqs_queue.objects.arn
      events        = ["s3:ObjectCreated:*"]
      filter_prefix = queue.value
    }
  }

  depends_on = [aws_sqs_queue_policy.objects]
}

locals {
  # Who may put messages into the queues, and on whose behalf.
  queue_senders = {
    objects = {
      service = "s3.amazonaws.com"
      sources = ["arn:${data.aws_partition.current.partition}:s3:::${local.lake_bucket}"]
    }
    dead = null
  }
}
