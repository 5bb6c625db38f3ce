package disposal

import "context"

// CarryOut carries out every intent that there is, and returns.
func (w *Worker) CarryOut(ctx context.Context) error { return w.rounds(ctx) }
