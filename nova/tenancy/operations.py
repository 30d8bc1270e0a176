"""Migration operations: fences around tables, ledgers that only grow,
versions that never change, and lean indexes."""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import RunSQL
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

CURRENT = "nullif(current_setting('nova.tenant', true), '')::bigint"


class Fence(RunSQL):
    """Row-level security on `table`, forced on its owner too: no tenant set, no rows.

    `column` names what must equal the tenant of the transaction.
    """

    def __init__(self, table: str, column: str = "tenant_id") -> None:
        inside = f"{column} = {CURRENT}"
        super().__init__(
            sql=[
                f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
                f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
                f"CREATE POLICY tenant_fence ON {table} USING ({inside}) WITH CHECK ({inside})",
            ],
            reverse_sql=[
                f"DROP POLICY tenant_fence ON {table}",
                f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY",
                f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
            ],
        )
        self.table, self.column = table, column

    def deconstruct(self) -> tuple[str, list[str], dict[str, str]]:
        return self.__class__.__qualname__, [], {"table": self.table, "column": self.column}


class SameTenant(RunSQL):
    """Let `column` of `table` point at rows of its own tenant only, by a key over both columns.

    Row-level security does not bind foreign keys: Postgres checks them as the owner. This key
    takes the place of the plain one, which Django goes on to believe in (docs/decisions/0032).
    Its migration must say `atomic = False`; then nobody waits while a large table is read.
    """

    def __init__(self, table: str, column: str, target: str) -> None:
        name, index = f"{table}_{column}_same_tenant", f"{target}_of_tenant"
        super().__init__(
            sql=[
                f"CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS {index} "
                f"ON {target} (tenant_id, id)",
                f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}",
                f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY (tenant_id, {column}) "
                f"REFERENCES {target} (tenant_id, id) NOT VALID",
                _check_each_tenant(name, table, column, target),
                f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}",
                _drop_plain_key(table, column),
            ],
            reverse_sql=[
                f"ALTER TABLE {table} ADD FOREIGN KEY ({column}) REFERENCES {target} (id) "
                "DEFERRABLE INITIALLY DEFERRED",
                f"ALTER TABLE {table} DROP CONSTRAINT {name}",
            ],
        )
        self.table, self.column, self.target = table, column, target

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        kwargs = {"table": self.table, "column": self.column, "target": self.target}
        return self.__class__.__qualname__, [], kwargs


def _check_each_tenant(name: str, table: str, column: str, target: str) -> str:
    """Return what raises where a row crosses already.

    Postgres validates a key with the eyes of the owner, who is fenced too and sees no row at all.
    """
    return f"""
        DO $$
        DECLARE home bigint;
        BEGIN
            FOR home IN SELECT id FROM tenancy_tenant LOOP
                PERFORM set_config('nova.tenant', home::text, true);
                IF EXISTS (
                    SELECT FROM {table} AS mine
                    WHERE mine.tenant_id = home AND mine.{column} IS NOT NULL AND NOT EXISTS (
                        SELECT FROM {target} AS other
                        WHERE other.tenant_id = home AND other.id = mine.{column}
                    )
                ) THEN
                    RAISE EXCEPTION '{name} does not hold in tenant %', home
                        USING ERRCODE = 'foreign_key_violation';
                END IF;
            END LOOP;
        END $$
    """  # noqa: S608  a migration's own words


def _drop_plain_key(table: str, column: str) -> str:
    """Return what drops the foreign key over `column` alone, whatever it is called."""
    return f"""
        DO $$
        DECLARE plain text;
        BEGIN
            FOR plain IN
                SELECT conname FROM pg_constraint JOIN pg_attribute
                ON attrelid = conrelid AND conkey = ARRAY[attnum]
                WHERE conrelid = '{table}'::regclass AND contype = 'f' AND attname = '{column}'
            LOOP
                EXECUTE format('ALTER TABLE {table} DROP CONSTRAINT %I', plain);
            END LOOP;
        END $$
    """  # noqa: S608  a migration's own words


class AppendOnly(RunSQL):
    """Refuse DELETE on `table`, and UPDATE of any column but those in `may_change`."""

    def __init__(self, table: str, may_change: tuple[str, ...] = ()) -> None:
        frozen = " - ".join(["to_jsonb({row})", *(f"'{column}'" for column in may_change)])
        same = f"{frozen.format(row='NEW')} = {frozen.format(row='OLD')}"
        super().__init__(
            sql=f"""
                CREATE FUNCTION {table}_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    IF TG_OP = 'UPDATE' AND {same} THEN RETURN NEW; END IF;
                    RAISE EXCEPTION '{table} is append-only' USING ERRCODE = '42501';
                END $$;
                CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}
                    FOR EACH ROW EXECUTE FUNCTION {table}_is_append_only();
            """,
            reverse_sql=f"""
                DROP TRIGGER append_only ON {table};
                DROP FUNCTION {table}_is_append_only();
            """,
        )
        self.table, self.may_change = table, may_change

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        kwargs = {"table": self.table, "may_change": self.may_change}
        return self.__class__.__qualname__, [], kwargs


class FrozenOncePublished(RunSQL):
    """Let drafts in `table` be changed and deleted, and nothing after its publishing.

    Of what was published only `may_change` may change, and its status never back to draft.
    """

    def __init__(self, table: str, may_change: tuple[str, ...] = ("status",)) -> None:
        frozen = " - ".join(["to_jsonb({row})", *(f"'{column}'" for column in may_change)])
        same = f"{frozen.format(row='NEW')} = {frozen.format(row='OLD')}"
        super().__init__(
            sql=f"""
                CREATE FUNCTION {table}_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    IF OLD.status = 'draft' THEN
                        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
                        RETURN NEW;
                    END IF;
                    IF TG_OP = 'UPDATE' AND NEW.status <> 'draft' AND {same} THEN
                        RETURN NEW;
                    END IF;
                    RAISE EXCEPTION '{table}: what was published never changes'
                        USING ERRCODE = '42501';
                END $$;
                CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON {table}
                    FOR EACH ROW EXECUTE FUNCTION {table}_is_frozen();
            """,
            reverse_sql=f"""
                DROP TRIGGER frozen ON {table};
                DROP FUNCTION {table}_is_frozen();
            """,
        )
        self.table, self.may_change = table, may_change

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        kwargs = {"table": self.table, "may_change": self.may_change}
        return self.__class__.__qualname__, [], kwargs


class FrozenWithVersion(RunSQL):
    """Let rows of `table` come, change and go only while the version they are of is a draft."""

    def __init__(self, table: str, column: str, versions: str) -> None:
        super().__init__(
            sql=f"""
                CREATE FUNCTION {table}_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
                DECLARE mine bigint;
                BEGIN
                    mine := CASE WHEN TG_OP = 'INSERT' THEN NEW.{column} ELSE OLD.{column} END;
                    IF EXISTS (SELECT FROM {versions} WHERE id = mine AND status <> 'draft') THEN
                        RAISE EXCEPTION '{table}: what was published never changes'
                            USING ERRCODE = '42501';
                    END IF;
                    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
                    RETURN NEW;
                END $$;
                CREATE TRIGGER frozen BEFORE INSERT OR UPDATE OR DELETE ON {table}
                    FOR EACH ROW EXECUTE FUNCTION {table}_is_frozen();
            """,
            reverse_sql=f"""
                DROP TRIGGER frozen ON {table};
                DROP FUNCTION {table}_is_frozen();
            """,
        )
        self.table, self.column, self.versions = table, column, versions

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        kwargs = {"table": self.table, "column": self.column, "versions": self.versions}
        return self.__class__.__qualname__, [], kwargs


class Unindex(Operation):
    """Take from a foreign key the index of its own (`db_index=False`), and make nobody wait.

    Its migration must say `atomic = False`.
    """

    atomic = False

    def __init__(self, model_name: str, name: str) -> None:
        self.model_name, self.name = model_name.lower(), name

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return self.__class__.__qualname__, [self.model_name, self.name], {}

    def describe(self) -> str:
        return f"Drop the index of {self.name} on {self.model_name}"

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        field = state.models[app_label, self.model_name].fields[self.name].clone()
        field.db_index = False
        state.alter_field(app_label, self.model_name, self.name, field, preserve_default=True)

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        index, _table, _column = self._names(app_label, schema_editor, from_state)
        schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {index}")

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        index, table, column = self._names(app_label, schema_editor, to_state)
        schema_editor.execute(
            f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {index} ON {table} ({column})"
        )

    def _names(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, state: ProjectState
    ) -> tuple[str, str, str]:
        model = state.apps.get_model(app_label, self.model_name)
        table, column = model._meta.db_table, model._meta.get_field(self.name).column
        index = schema_editor._create_index_name(table, [column])  # type: ignore[attr-defined]
        quoted = [schema_editor.quote_name(name) for name in (index, table, column)]
        return quoted[0], quoted[1], quoted[2]
