import { Link } from "@tanstack/react-router";
import { Button, Dropdown } from "antd";
import { Bookmark, Ellipsis } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { parseSearch, type Search } from "@/app/search";
import { useMe } from "@/session/me";
import { useListTexts } from "../texts";
import {
  isShown,
  keepViews,
  loadViews,
  queryOfView,
  removeView,
  renameView,
  saveView,
  type View,
} from "./views";
import "./ViewStrip.css";

type BuiltIn = "all" | "failed" | "never" | "production" | "mine" | "plaintext";

function useBuiltIn(): { id: BuiltIn; query: string }[] {
  const me = useMe();
  return [
    { id: "all", query: "" },
    { id: "failed", query: "?outcome=failed" },
    { id: "never", query: "?checked=false" },
    { id: "production", query: "?is_production=true" },
    { id: "mine", query: `?owner=${encodeURIComponent(me?.username ?? "")}` },
    { id: "plaintext", query: "?tls_state=plaintext" },
  ];
}

const NameDialog = lazy(() => import("./NameDialog").then((module) => ({ default: module.NameDialog })));

/** Named filters, built in and one's own; each is a link. */
export function ViewStrip({ search }: { search: Search }) {
  const t = useListTexts();
  const builtIn = useBuiltIn();
  const [views, setViews] = useState(loadViews);
  const [naming, setNaming] = useState<View | "new" | null>(null);
  const change = (next: View[]): void => {
    keepViews(next);
    setViews(next);
  };
  const all = [...builtIn.map(({ id, query }) => ({ id, name: t(id), query })), ...views];
  const here = views.find((one) => isShown(one, search)) ?? all.find((one) => isShown(one, search));
  const own = views.find((one) => one.id === here?.id);
  const [last, setLast] = useState<string | null>(null);
  if (own && own.id !== last) setLast(own.id);
  const edited = own ?? views.find((one) => one.id === last);

  return (
    <nav className="view-strip" aria-label={t("views")}>
      {all.map((view) => (
        <Link
          key={view.id}
          to="/instances"
          search={parseSearch(view.query)}
          className={view.id === here?.id ? "view view-here" : "view"}
          aria-current={view.id === here?.id ? "true" : undefined}
          activeProps={{}}
          preload={false}
        >
          {view.name}
        </Link>
      ))}
      {edited && (
        <Dropdown
          trigger={["click"]}
          menu={{
            items: [
              { key: "rename", label: t("rename"), onClick: () => setNaming(edited) },
              {
                key: "update",
                label: t("update"),
                onClick: () =>
                  change(
                    views.map((one) => (one.id === edited.id ? { ...one, query: queryOfView(search) } : one)),
                  ),
              },
              {
                key: "remove",
                label: t("remove"),
                danger: true,
                onClick: () => change(removeView(views, edited.id)),
              },
            ],
          }}
        >
          <Button
            type="text"
            size="small"
            icon={<Ellipsis size={14} aria-hidden="true" />}
            aria-label={t("viewActions", { name: edited.name })}
            title={t("viewActions", { name: edited.name })}
          />
        </Dropdown>
      )}
      {!here && (
        <Button
          type="text"
          size="small"
          icon={<Bookmark size={13} aria-hidden="true" />}
          onClick={() => setNaming("new")}
        >
          {t("saveView")}
        </Button>
      )}
      {naming && (
        <Suspense fallback={null}>
          <NameDialog
            title={naming === "new" ? t("saveView") : t("rename")}
            name={naming === "new" ? "" : naming.name}
            onClose={() => setNaming(null)}
            onName={(name) =>
              change(
                naming === "new"
                  ? saveView(views, name, search, String(Date.now()))
                  : renameView(views, naming.id, name),
              )
            }
          />
        </Suspense>
      )}
    </nav>
  );
}
