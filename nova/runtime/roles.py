"""The two roles of a database: an owner that migrates, and the product, fenced by row security."""

import os
from urllib.parse import unquote, urlsplit

import psycopg
from psycopg.sql import SQL, Identifier, Literal

# What the owner will create later is the product's to use, but not to change or to own.
GRANTS = """
GRANT USAGE ON SCHEMA public TO {app};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {app};
GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO {app};
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {app};
ALTER DEFAULT PRIVILEGES FOR ROLE {owner} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {app};
ALTER DEFAULT PRIVILEGES FOR ROLE {owner} GRANT USAGE, SELECT, UPDATE ON SEQUENCES TO {app};
ALTER DEFAULT PRIVILEGES FOR ROLE {owner} GRANT EXECUTE ON FUNCTIONS TO {app};
"""

# Behind row security an index serves only conditions whose functions are known to tell nothing of
# rows that they reject. PostgreSQL vouches for no function of text search, so without this every
# search would read every ticket (docs/decisions/0016). Only a superuser may vouch. And the planner
# takes `to_tsvector` for twenty times cheaper than it is: it would look for a rare word by reading
# all tickets in their order rather than by the index.
VOUCH = """
ALTER FUNCTION pg_catalog.ts_match_vq(tsvector, tsquery) LEAKPROOF;
ALTER FUNCTION pg_catalog.to_tsvector(regconfig, text) LEAKPROOF COST 2000;
ALTER FUNCTION pg_catalog.textcat(text, text) LEAKPROOF;
"""
MAY_VOUCH = "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"


def ensure_role(server: psycopg.Connection, name: str, password: str, *, creates: bool) -> None:
    """Make the role `name`, which row security binds; `creates` lets it make databases."""
    known = server.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone()
    statement = SQL(
        "{verb} ROLE {name} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE {creates} PASSWORD {word}"
    ).format(
        verb=SQL("ALTER" if known else "CREATE"),
        name=Identifier(name),
        creates=SQL("CREATEDB" if creates else "NOCREATEDB"),
        word=Literal(password),
    )
    server.execute(statement)


def ensure_database(server: psycopg.Connection, name: str) -> None:
    """Make the database `name`."""
    if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
        server.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))


def grant_use(database: psycopg.Connection, app: str) -> None:
    """Let `app` use what the connected role has created in this database, and will create."""
    owner = database.info.user
    database.execute(SQL(GRANTS).format(app=Identifier(app), owner=Identifier(owner)))


def vouch_for_text_search(database: psycopg.Connection) -> bool:
    """Let text search use its index behind row security; return whether this role may do so."""
    found = database.execute(MAY_VOUCH).fetchone()
    if not (found and found[0]):
        return False
    database.execute(VOUCH)
    return True


def main() -> None:
    """Make the role of DATABASE_URL, as the owner in NOVA_OWNER_DATABASE_URL."""
    app = urlsplit(os.environ["DATABASE_URL"])
    with psycopg.connect(os.environ["NOVA_OWNER_DATABASE_URL"], autocommit=True) as database:
        name = unquote(app.username or "")
        ensure_role(database, name, unquote(app.password or ""), creates=False)
        grant_use(database, name)
        vouch_for_text_search(database)


if __name__ == "__main__":
    main()
