import { Form } from "antd";
import { PLACES, placesOf, wrongPlace } from "./bindings";
import { useCredentialTexts } from "./texts";
import { GrowingText } from "@/parts/GrowingText";

/** Hosts, domains and networks in one text; below it stands how it is read. */
export function PlacesField() {
  const t = useCredentialTexts();
  const text = (Form.useWatch("places") as string | undefined) ?? "";
  const lists = placesOf(text);
  // What was read is named, not counted: three hosts out of one mistyped line are seen to be none.
  const places = PLACES.filter((place) => lists[place].length > 0)
    .map((place) => `${t(place)}: ${lists[place].join(", ")}`)
    .join(" · ");
  return (
    <Form.Item
      name="places"
      label={t("places")}
      extra={
        <>
          <span>{t("placesHint")}</span>
          <br />
          <span>{places === "" ? t("placesNone") : t("placesRead", { places })}</span>
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
