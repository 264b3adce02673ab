"""Shell completion: the script of each shell, and names of instances that the register knows."""

from collections.abc import Sequence

import click
from click.shell_completion import CompletionItem, get_completion_class

from app.cli.client.connection import Target, connected
from app.cli.failures import tells_failures
from app.cli.program import Program

SHELLS = ("bash", "zsh", "fish")
_WITHIN_S, _MOST = 1.0, 50


@click.command()
@click.argument("shell", type=click.Choice(SHELLS))
def completion(shell: str) -> None:
    """Print the script that completes `muster` in a shell.

    \b
    bash: eval "$(muster completion bash)" in ~/.bashrc
    zsh:  eval "$(muster completion zsh)" in ~/.zshrc
    fish: muster completion fish > ~/.config/fish/completions/muster.fish
    """  # noqa: D301 - to click, a backspace says that a paragraph keeps its lines
    of_shell = get_completion_class(shell)
    if of_shell is None:
        raise click.ClickException(f"There is no completion for {shell}.")
    click.echo(of_shell(click.get_current_context().find_root().command, {}, "muster", "_MUSTER_COMPLETE").source())


def complete_instances(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return names that begin so; where the register does not answer at once, none."""
    del param
    program = ctx.find_object(Program)
    if program is None:
        return []
    target = Target(ctx.params.get("url"), ctx.params.get("token_file"), ctx.params.get("ca_file"), _WITHIN_S, tries=1)
    try:
        names = _names(program, target, incomplete)
    except click.ClickException:  # a shell that completes shows no errors
        return []
    return [CompletionItem(name) for name in names if name.startswith(incomplete)]


@tells_failures
def _names(program: Program, target: Target, part: str) -> Sequence[str]:
    asked = {"search": part, "sort": "name", "limit": _MOST, "fields": "name", "count": "false"}
    with connected(program, target) as api:
        return [item["name"] for item in api.get("/instances", asked).data["items"]]
