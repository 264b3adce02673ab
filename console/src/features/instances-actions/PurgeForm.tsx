import { Button, Input, Modal } from "antd";
import { type ReactNode, useId, useState } from "react";
import { NO_WHY, type Why } from "@/api/headers";
import { RequiredMark } from "@/parts/RequiredMark";
import { usePartTexts } from "@/parts/texts";
import { WhyFields } from "@/parts/WhyFields";
import "./PurgeForm.css";

interface PurgeFormProps {
  title: string;
  okText: string;
  /** What must be typed before anything is sent, and what asks for it. */
  word: string;
  wordLabel: string;
  /** Says that what is typed cannot become the word; without it nothing does. */
  wrong?: string;
  isNumber?: boolean;
  isPending: boolean;
  /** What is told before it is sent is there. */
  isReady?: boolean;
  /** It is done: nothing is asked any more, only told. */
  isOver?: boolean;
  onSend: (why: Why) => void;
  onClose: () => void;
  /** What was refused; stays when all is over. */
  refused?: ReactNode;
  /** How far it is. */
  progress?: string;
  /** What goes, and what stays. */
  children: ReactNode;
}

/** Asks before a final removal: says what goes, and takes a typed word for a yes. */
export function PurgeForm(props: PurgeFormProps) {
  const { word, wrong, isPending, isReady = true, isOver = false, onClose } = props;
  const p = usePartTexts();
  const id = useId();
  const [typed, setTyped] = useState("");
  const [why, setWhy] = useState(NO_WHY);
  const isSure = typed.trim() === word.trim() && isReady && !isPending;
  const isWrong = wrong !== undefined && !word.startsWith(typed.trim());
  return (
    <Modal
      open
      title={props.title}
      width={520}
      onCancel={() => {
        if (!isPending) onClose();
      }}
      footer={[
        <Button key="cancel" disabled={isPending} onClick={onClose}>
          {p(isOver ? "close" : "cancel")}
        </Button>,
        !isOver && (
          <Button
            key="purge"
            danger
            type="primary"
            htmlType="submit"
            form={`${id}-form`}
            loading={isPending}
            disabled={!isSure && !isPending}
          >
            {props.okText}
          </Button>
        ),
      ]}
    >
      {props.refused}
      <form
        id={`${id}-form`}
        className="stack"
        hidden={isOver}
        onSubmit={(event) => {
          event.preventDefault();
          if (isSure) props.onSend(why);
        }}
      >
        {props.children}
        <div className="stack-small">
          <label htmlFor={`${id}-word`}>
            {props.wordLabel} <code>{word}</code>
            <RequiredMark />
          </label>
          <Input
            id={`${id}-word`}
            value={typed}
            autoFocus
            autoComplete="off"
            spellCheck={false}
            aria-required
            inputMode={props.isNumber ? "numeric" : undefined}
            status={isWrong ? "error" : ""}
            aria-describedby={wrong === undefined ? undefined : `${id}-wrong`}
            onChange={(event) => setTyped(event.target.value)}
          />
          {wrong !== undefined && (
            <p id={`${id}-wrong`} className="purge-wrong" role="status">
              {isWrong ? wrong : ""}
            </p>
          )}
        </div>
        <WhyFields why={why} onChange={setWhy} />
        {props.progress !== undefined && <p role="status">{props.progress}</p>}
      </form>
    </Modal>
  );
}
