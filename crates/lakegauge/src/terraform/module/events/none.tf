# No events: every dataset is looked at by its deadlines and by the tick alone.
locals {
  # Who else may put messages into which queue, and on whose behalf.
  queue_senders = {}
}
