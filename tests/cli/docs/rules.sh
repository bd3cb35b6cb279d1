# Every rule that code cites (OD-15) stands in docs/rules, and says which test reaches it.
"$TOP/tests/docs/check-rules"
