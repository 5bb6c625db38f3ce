package pg

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
)

// plainUUIDs lets a connection send and read uuid.UUID, alone and in arrays, as the
// sixteen bytes that it is. Without it pgx goes through a text and a failed attempt
// for each.
func plainUUIDs(_ context.Context, conn *pgx.Conn) error {
	plain := &pgtype.Type{Name: "uuid", OID: pgtype.UUIDOID, Codec: uuidCodec{}}
	types := conn.TypeMap()
	types.RegisterType(plain)
	types.RegisterType(&pgtype.Type{Name: "_uuid", OID: pgtype.UUIDArrayOID, Codec: &pgtype.ArrayCodec{ElementType: plain}})
	return nil
}

type uuidCodec struct{ pgtype.UUIDCodec }

func (c uuidCodec) PlanEncode(m *pgtype.Map, oid uint32, format int16, value any) pgtype.EncodePlan {
	if _, ours := value.(uuid.UUID); ours && format == pgtype.BinaryFormatCode {
		return sixteenBytes{}
	}
	return c.UUIDCodec.PlanEncode(m, oid, format, value)
}

func (c uuidCodec) PlanScan(m *pgtype.Map, oid uint32, format int16, target any) pgtype.ScanPlan {
	if _, ours := target.(*uuid.UUID); ours && format == pgtype.BinaryFormatCode {
		return sixteenBytes{}
	}
	return c.UUIDCodec.PlanScan(m, oid, format, target)
}

type sixteenBytes struct{}

func (sixteenBytes) Encode(value any, to []byte) ([]byte, error) {
	id := value.(uuid.UUID)
	return append(to, id[:]...), nil
}

func (sixteenBytes) Scan(from []byte, target any) error {
	if len(from) != len(uuid.UUID{}) {
		return fmt.Errorf("read uuid: %d bytes", len(from))
	}
	copy(target.(*uuid.UUID)[:], from)
	return nil
}
