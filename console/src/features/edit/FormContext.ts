import { createContext, useContext } from "react";
import type { FormApi } from "./useForm";

export const FormContext = createContext<FormApi | null>(null);

export function useFormApi(): FormApi {
  const form = useContext(FormContext);
  if (form === null) throw new Error("a field stands outside of its form");
  return form;
}
