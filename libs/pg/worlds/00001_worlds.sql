-- To the operator: each table shows a connection only the rows of the authority whose request it serves; workers set
-- gallra.authority to '*'. A connection that sets nothing sees nothing. Short, but it locks each table once.
-- +goose Up
-- +goose StatementBegin
DO $$
DECLARE t text;
BEGIN
    FOR t IN
        SELECT c.table_name FROM information_schema.columns AS c JOIN information_schema.tables AS b USING (table_schema, table_name)
        WHERE c.table_schema = current_schema() AND c.column_name = 'authority' AND b.table_type = 'BASE TABLE'
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY world ON %I USING (current_setting(''gallra.authority'', true) IN (authority, ''*''))', t);
    END LOOP;
END
$$;
-- +goose StatementEnd
-- +goose Down
-- +goose StatementBegin
DO $$
DECLARE t text;
BEGIN
    FOR t IN SELECT tablename FROM pg_policies WHERE schemaname = current_schema() AND policyname = 'world' LOOP
        EXECUTE format('DROP POLICY world ON %I', t);
        EXECUTE format('ALTER TABLE %I DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY', t);
    END LOOP;
END
$$;
-- +goose StatementEnd
