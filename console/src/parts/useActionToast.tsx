import { App, Button } from "antd";
import { type FocusEvent, type ReactNode, useCallback } from "react";

/** Seconds that a toast stands which only says what was done. */
export const PLAIN_S = 5;
/** Seconds for one that offers something: time to read it, and to reach its button or its links. */
export const ACTION_S = 15;

/** As long as anybody stays on a toast; one whose time is taken away while it runs would close at once. */
const HELD_S = 86_400;

export interface ActionToast {
  /** One toast at a time stands under a key. */
  key: string;
  kind?: "success" | "warning";
  title: string;
  /** What stands below, such as links. */
  description?: ReactNode;
  action?: { label: string; isMain?: boolean; onAct: () => void };
  /** Until somebody closes it: what must not be missed. */
  stays?: boolean;
}

const goesElsewhere = (event: FocusEvent): boolean =>
  !(event.relatedTarget instanceof Node && event.currentTarget.contains(event.relatedTarget));

/** A toast that offers something: it stands longer, and for as long as the pointer or the focus is on it. */
export function useActionToast(): (toast: ActionToast) => void {
  const { notification } = App.useApp();
  return useCallback(
    ({ key, kind = "success", title, description, action, stays = false }) => {
      let isOpen = true;
      const stand = (duration: number): void => {
        if (!isOpen) return;
        notification.open({
          key,
          type: kind,
          title,
          description,
          duration,
          role: "status",
          onClose: () => (isOpen = false),
          // The pointer stops the time by itself; for the focus it is asked for anew.
          props: {
            onFocus: () => stand(stays ? 0 : HELD_S),
            onBlur: (event: FocusEvent) => !stays && goesElsewhere(event) && stand(ACTION_S),
          },
          actions: action && (
            <Button
              type={action.isMain ? "primary" : "default"}
              size="small"
              onClick={() => {
                isOpen = false;
                notification.destroy(key);
                action.onAct();
              }}
            >
              {action.label}
            </Button>
          ),
        });
      };
      stand(stays ? 0 : ACTION_S);
    },
    [notification],
  );
}
