"""The manual pages: docs/man/ota-sim.1, and one a command."""

HEAD = r""".\" Made by tools/completion/generate from what `ota-sim --help` says, and from tools/completion/man_page.py.
.TH OTA-SIM 1 2026-11-22 "ota-sim @VERSION@" "User Commands"
.SH NAME
ota-sim \- simulate ESP32 over-the-air updates under power loss
.SH SYNOPSIS
.B ota-sim
.I command
.RI [ arguments ]
.br
.B ota-sim
.RB [ \-\-help | \-\-version ]
.SH DESCRIPTION
.B ota-sim
is an ESP32 in a process: its NOR flash, its eFuse, its second-stage bootloader and the update API of ESP-IDF, as several
releases of it behave.
A scenario, written in YAML, says what happens to the device and what has to be true afterwards.
The power can be cut at every instant of it, again and again, with all the ways in which an interrupted flash operation may
tear; what then goes wrong is told with an address that plays it back.
.SH COMMANDS
"""

TAIL = r""".SH EXIT STATUS
.TP
.B 0
All expectations are met; the command did what it was asked.
.TP
.B 1
Some expectation is not met.
.TP
.B 2
Bad usage or bad input.
.TP
.B 3
An internal error, or a report that could not be written.
.TP
.B 4
A budget of time, memory or states ran out before all was covered, and nothing is violated so far.
.TP
.BR 129 ", " 130 ", " 143
Ended by SIGHUP, Ctrl-C or SIGTERM. Reports are written of what there was until then, and say that they are incomplete.
.SH ENVIRONMENT
.TP
.B NO_COLOR
No colours, whatever its value.
.TP
.BR TEST_TOTAL_SHARDS ", " TEST_SHARD_INDEX ", " TEST_SHARD_STATUS_FILE
.TQ
.BR SLURM_ARRAY_TASK_ID ", " SLURM_ARRAY_TASK_COUNT ", " SLURM_ARRAY_TASK_MIN
.TQ
.BR JOB_COMPLETION_INDEX ", " JOB_COMPLETIONS
Which share of a run this process does, as test runners, Slurm and Kubernetes say it.
.B \-\-shard
of
.B ota-sim run
overrides them.
.SH EXAMPLES
Write a scenario that fits a project, and run it:
.PP
.nf
.RS
ota-sim new \-\-from sdkconfig \-\-from partitions.csv update.yaml
ota-sim run \-\-html report.html update.yaml
.RE
.fi
.PP
Play back one crash that the report names:
.PP
.nf
.RS
ota-sim replay update.yaml restart/0/zero\-front:1
.RE
.fi
.PP
Share a run among four processes, then make one report of it:
.PP
.nf
.RS
parallel ota-sim run \-\-shard {}/4 \-\-json {}.json scenarios ::: 1 2 3 4
ota-sim merge \-\-json whole.json [1\-4].json
.RE
.fi
.SH SEE ALSO
.BR bash (1),
.BR parallel (1)
.PP
The documentation that is installed with the program, beginning with
.IR index.md .
"""


def roff(text):
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("`", "\\(ga").replace("'", "\\(aq")
    return "\\&" + text if text.startswith((".", "\\(aq")) else text


def option_text(option):
    spelled = ", ".join(f"\\fB{roff(spelling)}\\fR" for spelling in option.spellings())
    value = f" \\fI{roff(option.value)}\\fR" if option.value else roff(option.optional or "")
    text = roff(option.text) if option.text else "\\&"
    return f".TP\n{spelled}{value}\n{text}\n"


def command_text(command):
    text = f".SS \"ota-sim {command.name}\"\n{roff(command.summary[0].upper() + command.summary[1:])}.\n"
    text += f".PP\n\\fB{roff(command.synopsis)}\\fR\n"
    if command.about:
        text += ".PP\n" + "".join(roff(line) + "\n" for line in command.about)
    return text + "".join(option_text(option) for option in command.options)


def command_page(command, version):
    name = f"ota-sim-{command.name}"
    text = HEAD.split(".SH NAME")[0].replace("@VERSION@", version).replace(".TH OTA-SIM", f".TH {name.upper()}")
    text += f".SH NAME\n{roff(name)} \\- {roff(command.summary)}\n.SH SYNOPSIS\n\\fB{roff(command.synopsis)}\\fR\n"
    if command.about:
        text += ".SH DESCRIPTION\n" + "".join(roff(line) + "\n" for line in command.about)
    text += ".SH OPTIONS\n" + "".join(option_text(option) for option in command.options)
    return text + ".SH SEE ALSO\n.BR ota-sim (1)\n"


def man_page(commands, version):
    return HEAD.replace("@VERSION@", version) + "".join(map(command_text, commands)) + TAIL
