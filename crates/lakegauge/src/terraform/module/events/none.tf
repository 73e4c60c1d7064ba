# No events: datasets are looked at only at their deadlines and by the tick.
locals {
  # Who else may send messages to which queue, and on whose behalf.
  queue_senders = {}
}
