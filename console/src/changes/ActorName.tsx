import { saidOf, useActorWord, type Who } from "./actor";

/** Who did something, in words; the name that the API gives is its hint. */
export function ActorName({ of, className }: { of: Who; className?: string }) {
  const word = useActorWord();
  return (
    <span className={className} title={saidOf(of) === null ? undefined : of.username}>
      {word(of)}
    </span>
  );
}
