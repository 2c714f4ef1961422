import type { ComponentProps } from 'react';
import './button.css';

/** A button with a text. `look`: how much it asks for attention. */
export function Button({
  look = 'plain',
  ...rest
}: { readonly look?: 'primary' | 'plain' | 'danger' } & ComponentProps<'button'>) {
  return <button type="button" className="button" data-look={look} {...rest} />;
}
