/** In place of the validator, about 130 KB, that the Model Context Protocol's server has for forms; ours asks for none. */
export default class Ajv {}
