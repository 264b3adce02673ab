import { Form } from "antd";
import { placesOf, wrongPlace } from "./bindings";
import { useCredentialTexts } from "./texts";
import { GrowingText } from "@/parts/GrowingText";

/** Hosts, domains and networks in one text; below it stands how it is read. */
export function PlacesField() {
  const t = useCredentialTexts();
  const text = (Form.useWatch("places") as string | undefined) ?? "";
  const lists = placesOf(text);
  const { hosts, suffixes, networks } = lists;
  const empty = hosts.length + suffixes.length + networks.length === 0;
  return (
    <Form.Item
      name="places"
      label={t("places")}
      extra={
        <>
          <span>{t("placesHint")}</span>
          <br />
          <span>
            {empty
              ? t("placesNone")
              : t("placesRead", {
                  hosts: hosts.length,
                  suffixes: suffixes.length,
                  networks: networks.length,
                })}
          </span>
        </>
      }
      rules={[
        {
          validator: (_, value: string | undefined) => {
            const wrong = wrongPlace(placesOf(value ?? ""));
            if (wrong === null) return Promise.resolve();
            const said =
              "entry" in wrong
                ? t("wrongPlace", { entry: wrong.entry })
                : t("tooManyPlaces", { place: t(wrong.place), most: wrong.most });
            return Promise.reject(new Error(said));
          },
        },
      ]}
    >
      <GrowingText rows={3} className="mono" spellCheck={false} />
    </Form.Item>
  );
}
