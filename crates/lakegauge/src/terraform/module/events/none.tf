# No events: every dataset is looked at by its deadlines and by the tick alone.
locals {
  # Who may put messages into the queues, and on whose behalf.
  queue_senders = {
    objects = null
    dead    = null
  }
}
