"""Completion files of three shells, as text."""

from help_text import FILE_VALUES

HEAD = "made by tools/completion/generate from what `ota-sim --help` says: not to be edited"
CODES = "ota-sim explain --list 2>/dev/null | cut -d ' ' -f 1"


def is_file(option):
    return option.value in FILE_VALUES


def names_of(option, names):
    return names.get(option.name, []) if option.value else []


# ---- bash ----------------------------------------------------------------------------------------------


def bash_values(command, names):
    lines = []
    for option in command.options:
        if option.value:
            pattern = " | ".join(f'"{command.name} {spelling}"' for spelling in option.spellings())
            if is_file(option):
                what = "_ota_sim_files"
            elif names_of(option, names):
                what = f'_ota_sim_list "{" ".join(names_of(option, names))}"'
            else:
                what = "COMPREPLY=()"
            lines.append(f"    {pattern}) {what} && return ;;")
    return lines


def bash(commands, names):
    words = [f'    {c.name}) words="{" ".join([s for o in c.options for s in o.spellings()] + c.words)}" ;;' for c in commands]
    values = [line for command in commands for line in bash_values(command, names)]
    return f"""# bash completion for ota-sim; {HEAD}
# shellcheck shell=bash disable=SC2207

_ota_sim_files() {{
    compopt -o filenames 2>/dev/null
    COMPREPLY+=($(compgen -f -- "${{COMP_WORDS[COMP_CWORD]}}"))
}}

# One of the names, or the last of several between commas.
_ota_sim_list() {{
    local word=${{COMP_WORDS[COMP_CWORD]}} before=''
    [[ $word != *,* ]] || before=${{word%,*}},
    COMPREPLY=($(compgen -P "$before" -W "$1" -- "${{word##*,}}"))
}}

_ota_sim() {{
    local word=${{COMP_WORDS[COMP_CWORD]}} words=''
    COMPREPLY=()
    if [ "$COMP_CWORD" -eq 1 ]; then
        COMPREPLY=($(compgen -W "{" ".join(c.name for c in commands)} --help --version" -- "$word"))
        return
    fi
    case "${{COMP_WORDS[1]}} ${{COMP_WORDS[COMP_CWORD - 1]}}" in
{chr(10).join(values)}
    esac
    case ${{COMP_WORDS[1]}} in
{chr(10).join(words)}
    esac
    [ "${{COMP_WORDS[1]}}" != explain ] || words+=" $({CODES})"
    COMPREPLY=($(compgen -W "$words" -- "$word"))
    [[ $word == -* ]] || _ota_sim_files
}}

complete -F _ota_sim ota-sim
"""


# ---- zsh -----------------------------------------------------------------------------------------------


def zsh_text(text):
    for plain, escaped in (("\\", "\\\\"), ("[", "\\["), ("]", "\\]"), (":", "\\:"), ("'", "'\\''")):
        text = text.replace(plain, escaped)
    return text


def zsh_option(option, names):
    value = ""
    if option.value:
        action = "_files" if is_file(option) else ""
        if names_of(option, names):
            action = f"_values -s , {option.name} {' '.join(names_of(option, names))}"
        value = f":{zsh_text(option.value)}:{action}"
    spellings = option.spellings()
    exclusive = f"({' '.join(spellings)})" if len(spellings) > 1 else ""
    return [f"'{exclusive}{spelling}[{zsh_text(option.text)}]{value}'" for spelling in spellings]


def zsh_command(command, names):
    specs = [spec for option in command.options for spec in zsh_option(option, names)]
    operands = "'*:operand:_files'"
    if command.words:
        operands = f"'*:word: _alternative \"words:word:({' '.join(command.words)})\" \"files:file:_files\"'"
    if command.name == "explain":
        operands = f"'*:code:($({CODES}))'".replace("' '", "\" \"")
    lines = " \\\n            ".join([*specs, operands])
    return f"    {command.name})\n        _arguments \\\n            {lines}\n        ;;"


def zsh(commands, names):
    described = "\n".join(f"        '{c.name}:{zsh_text(c.summary)}'" for c in commands)
    cases = "\n".join(zsh_command(command, names) for command in commands)
    return f"""#compdef ota-sim
# zsh completion for ota-sim; {HEAD}

_ota_sim() {{
    local -a commands=(
{described}
    )
    if ((CURRENT == 2)); then
        _describe command commands
        _arguments '--help[show help]' '--version[show the version]'
        return
    fi
    local command=$words[2]
    shift words
    ((CURRENT--))
    case $command in
{cases}
    esac
}}

_ota_sim "$@"
"""


# ---- fish ----------------------------------------------------------------------------------------------


def fish_text(text):
    return text.replace("\\", "\\\\").replace("'", "\\'")


def fish_option(command, option, names):
    line = f"complete -c ota-sim -n '__fish_seen_subcommand_from {command.name}'"
    line += f" -s {option.letter}" if option.letter else ""
    line += f" -l {option.name}" if option.name else ""
    if is_file(option):
        line += " -r -F"
    elif names_of(option, names):
        line += f" -x -a '{' '.join(names_of(option, names))}'"
    elif option.value:
        line += " -x"
    return f"{line} -d '{fish_text(option.text)}'"


def fish(commands, names):
    all_names = " ".join(command.name for command in commands)
    lines = [f"# fish completion for ota-sim; {HEAD}", ""]
    lines += ["complete -c ota-sim -n __fish_use_subcommand -f", "complete -c ota-sim -n __fish_use_subcommand -l help -d 'show help'"]
    lines += ["complete -c ota-sim -n __fish_use_subcommand -l version -d 'show the version'"]
    for command in commands:
        first = f"complete -c ota-sim -n 'not __fish_seen_subcommand_from {all_names}'"
        lines += ["", f"{first} -f -a {command.name} -d '{fish_text(command.summary)}'"]
        lines += [fish_option(command, option, names) for option in command.options]
        if command.words:
            lines.append(f"complete -c ota-sim -n '__fish_seen_subcommand_from {command.name}' -a '{' '.join(command.words)}'")
        if command.name == "explain":
            lines.append(f"complete -c ota-sim -n '__fish_seen_subcommand_from explain' -f -a \"({CODES})\"")
    return "\n".join(lines) + "\n"
