"""Who calls, and what an answer earns, as functions: their plans are made once per connection instead of once per request."""

from django.db import migrations

FUNCTIONS = """
-- The user and contributor of a live session; no row if it has ended or the user was disabled.
CREATE FUNCTION signed_in(p_session text)
RETURNS TABLE (user_id bigint, contributor_id bigint, contributor_key uuid, standing text)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    RETURN QUERY
    SELECT u.id, c.id, c.public_id, c.status::text
      FROM usersessions_usersession s
      JOIN django_session d ON d.session_key = s.session_key AND d.expire_date > now()
      JOIN user_account u ON u.id = s.user_id AND u.is_active
      LEFT JOIN contributor c ON c.user_id = u.id
     WHERE s.session_key = p_session;
END $$;

-- Note what a source of work will pay, once per (source, kind). Free work leaves no row.
CREATE FUNCTION accrue_earning(p_contributor bigint, p_source text, p_kind text, p_payer text, p_amount bigint, p_currency text) RETURNS void
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    IF p_amount <> 0 THEN
        INSERT INTO earning (contributor_id, source_key, kind, payer_key, amount_minor, currency, status, reason)
        VALUES (p_contributor, p_source, p_kind, p_payer, p_amount, p_currency, 'pending', '')
        ON CONFLICT (source_key, kind) DO NOTHING;
    END IF;
END $$;
"""
FUNCTIONS_BACK = """
DROP FUNCTION signed_in(text);
DROP FUNCTION accrue_earning(bigint, text, text, text, bigint, text);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("workforce", "0001_initial"),
        ("usersessions", "0001_initial"),
        ("sessions", "0001_initial"),
    ]
    operations = [migrations.RunSQL(FUNCTIONS, FUNCTIONS_BACK)]
