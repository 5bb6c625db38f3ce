package restored

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"gallra.se/libs/fault"
	"gallra.se/libs/pg"
	"gallra.se/libs/problem"
	"gallra.se/libs/serve"
)

// Gate stands before a service that may have been restored.
type Gate struct {
	DB       *pgxpool.Pool
	Listener net.Listener // answers here that nothing is ready; left open for the service
	Log      *slog.Logger
	// Replay carries out what was destroyed since the backup, and ends with Clear. It is called again
	// after every fault and crash.
	Replay func(ctx context.Context) error

	mu    sync.Mutex
	fault error
}

// turn is held by the instance that replays.
const turn = 0x72657374 // "rest"

// Pass returns when the database bears no mark. Until then nobody is served: every request is answered
// 503, and /readyz says how far the replay is. Instances take turns.
func (g *Gate) Pass(ctx context.Context) error {
	if _, marked, err := Marked(ctx, g.DB); err != nil || !marked {
		return err
	}
	g.Log.InfoContext(ctx, "restored: replaying what was destroyed since the backup")
	err := serve.Group(ctx,
		func(ctx context.Context) error { return serve.Run(ctx, g.Listener, g.pages(), g.Log) },
		func(ctx context.Context) error {
			if err := g.replayed(ctx); err != nil {
				return err
			}
			return errPassed
		})
	if errors.Is(err, errPassed) {
		g.Log.InfoContext(ctx, "restored and replayed")
		return nil
	}
	return err
}

var errPassed = errors.New("the mark is gone")

func (g *Gate) replayed(ctx context.Context) error {
	return pg.Alone(ctx, g.DB, turn, func(ctx context.Context) error {
		if _, marked, err := Marked(ctx, g.DB); err != nil || !marked {
			return err // another instance was faster
		}
		return g.carryOut(ctx)
	})
}

// Finish takes the mark away once everything is carried out.
func Finish(ctx context.Context, db *pgxpool.Pool) error {
	fault.Point("restored.replayed")
	err := pg.Tx(ctx, db, func(tx pgx.Tx) error { return Clear(ctx, tx) })
	fault.Point("restored.ready")
	return err
}

func (g *Gate) failed(err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.fault = err
}

func (g *Gate) pages() http.Handler {
	mux := http.NewServeMux()
	serve.Live(mux)
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = io.WriteString(w, "not ready: "+g.standing(r.Context())+"\n")
	})
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { problem.Write(w, problem.Unavailable(5*time.Second)) })
	return mux
}

// standing is how far the replay is, in one line that names nobody.
func (g *Gate) standing(ctx context.Context) string {
	m, marked, err := Marked(ctx, g.DB)
	if err != nil || !marked {
		return "restored, replayed"
	}
	said := fmt.Sprintf("restored, replaying %d of %d", m.Heard-m.Behind, m.Until-m.Behind)
	g.mu.Lock()
	defer g.mu.Unlock()
	var stands Stands
	if errors.As(g.fault, &stands) {
		said += "; " + stands.Error()
	}
	return said
}

// Stands is a fault that no waiting mends: somebody has to look. Its text is for everybody to see.
type Stands string

func (s Stands) Error() string { return string(s) }
